package shop_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"go.yaml.in/yaml/v3"
)

// Every process makes objects of the same name: each has a namespace of its own.
var _ = Describe("Settings", func() {
	var api *cluster

	BeforeEach(func(ctx context.Context) {
		api = connect(lease.Kubeconfig)
		code, _ := api.ask(ctx, http.MethodDelete, configMaps(lease.Namespace)+"/settings", nil)
		Expect(code).To(BeElementOf(http.StatusOK, http.StatusNotFound))
	})

	for turn := 1; turn <= 6; turn++ {
		It(fmt.Sprintf("are kept in a ConfigMap, turn %d", turn), func(ctx context.Context) {
			code, said := api.ask(ctx, http.MethodPost, configMaps(lease.Namespace), map[string]any{
				"apiVersion": "v1",
				"kind":       "ConfigMap",
				"metadata":   map[string]any{"name": "settings"},
				"data":       map[string]string{"turn": fmt.Sprint(turn)},
			})
			Expect(code).To(Equal(http.StatusCreated), said)
			code, said = api.ask(ctx, http.MethodGet, configMaps(lease.Namespace)+"/settings", nil)
			Expect(code).To(Equal(http.StatusOK))
			Expect(said).To(ContainSubstring(fmt.Sprintf(`"turn":"%d"`, turn)))
		})
	}

	It("of another process cannot be read", func(ctx context.Context) {
		code, _ := api.ask(ctx, http.MethodGet, configMaps(fmt.Sprintf("worker-%d", lease.Worker%4+1)), nil)
		Expect(code).To(Equal(http.StatusForbidden))
	})

	// Ginkgo runs it when all others have ended.
	It("of the whole suite are changed alone", Serial, func(ctx context.Context) {
		code, _ := api.ask(ctx, http.MethodGet, configMaps(lease.Namespace), nil)
		Expect(code).To(Equal(http.StatusOK))
	})
})

func configMaps(namespace string) string {
	return "/api/v1/namespaces/" + namespace + "/configmaps"
}

// cluster is as much of a Kubernetes client as these specs need; yours will be client-go.
type cluster struct {
	server string
	token  string
	client *http.Client
}

func connect(kubeconfig string) *cluster {
	text, err := os.ReadFile(kubeconfig)
	Expect(err).NotTo(HaveOccurred())
	var config struct {
		Clusters []struct {
			Cluster struct {
				Server    string `yaml:"server"`
				Authority string `yaml:"certificate-authority-data"`
			} `yaml:"cluster"`
		} `yaml:"clusters"`
		Users []struct {
			User struct {
				Token string `yaml:"token"`
			} `yaml:"user"`
		} `yaml:"users"`
	}
	Expect(yaml.Unmarshal(text, &config)).To(Succeed())
	Expect(config.Clusters).To(HaveLen(1))
	Expect(config.Users).To(HaveLen(1))
	authorities := x509.NewCertPool()
	Expect(authorities.AppendCertsFromPEM(decode(config.Clusters[0].Cluster.Authority))).To(BeTrue())
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: authorities}}
	DeferCleanup(transport.CloseIdleConnections)
	return &cluster{config.Clusters[0].Cluster.Server, config.Users[0].User.Token, &http.Client{Transport: transport}}
}

func decode(text string) []byte {
	var data []byte
	Expect(json.Unmarshal([]byte(`"`+text+`"`), &data)).To(Succeed())
	return data
}

func (c *cluster) ask(ctx context.Context, method, path string, body any) (int, string) {
	text, err := json.Marshal(body)
	Expect(err).NotTo(HaveOccurred())
	request, err := http.NewRequestWithContext(ctx, method, c.server+path, bytes.NewReader(text))
	Expect(err).NotTo(HaveOccurred())
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Content-Type", "application/json")
	answer, err := c.client.Do(request)
	Expect(err).NotTo(HaveOccurred())
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	Expect(err).NotTo(HaveOccurred())
	return answer.StatusCode, string(said)
}
