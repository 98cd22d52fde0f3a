package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"time"
)

const kubeconfig = "/etc/kubernetes/kubelet.conf"

// node is what a route needs: the range of its pods, and where it is.
type node struct{ pods, address string }

type object struct {
	Metadata struct{ Name, ResourceVersion string }
	Spec     struct{ PodCIDR string }
	Status   struct {
		Addresses []struct{ Type, Address string }
	}
}

func (found object) node() node {
	result := node{pods: found.Spec.PodCIDR}
	for _, one := range found.Status.Addresses {
		if one.Type == "InternalIP" && result.address == "" {
			result.address = one.Address
		}
	}
	return result
}

// follow lists the cluster's nodes and watches them; changed sees them all after
// every change. Ends with the reason why it has to begin again.
func follow(changed func(map[string]node) error) error {
	client, server, err := connection()
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	var list struct {
		Metadata struct{ ResourceVersion string }
		Items    []object
	}
	answer, err := get(client, server+"/api/v1/nodes")
	if err != nil {
		return err
	}
	err = json.NewDecoder(answer.Body).Decode(&list)
	_ = answer.Body.Close()
	if err != nil {
		return fmt.Errorf("the list of nodes: %w", err)
	}
	nodes := map[string]node{}
	for _, found := range list.Items {
		nodes[found.Metadata.Name] = found.node()
	}
	if err := changed(nodes); err != nil {
		return err
	}

	answer, err = get(client, server+"/api/v1/nodes?watch=1&timeoutSeconds=300&resourceVersion="+list.Metadata.ResourceVersion)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	events := json.NewDecoder(answer.Body)
	for {
		var event struct {
			Type   string
			Object object
		}
		if err := events.Decode(&event); err != nil {
			return fmt.Errorf("the watch on nodes ended: %w", err)
		}
		name := event.Object.Metadata.Name
		before, known := nodes[name]
		switch event.Type {
		case "ADDED", "MODIFIED":
			if known && before == event.Object.node() {
				continue
			}
			nodes[name] = event.Object.node()
		case "DELETED":
			delete(nodes, name)
		default:
			return fmt.Errorf("the watch on nodes ended with %s", event.Type)
		}
		if err := changed(nodes); err != nil {
			return err
		}
	}
}

func get(client *http.Client, address string) (*http.Response, error) {
	answer, err := client.Get(address)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		_ = answer.Body.Close()
		return nil, fmt.Errorf("%s: %s", address, answer.Status)
	}
	return answer, nil
}

// connection reads the kubelet's kubeconfig anew: it is written while the node
// joins, and its certificate changes.
func connection() (*http.Client, string, error) {
	text, err := os.ReadFile(kubeconfig)
	if err != nil {
		return nil, "", err
	}
	value := func(key string) string {
		// Written by kubeadm and the kubelet, one key a line.
		if found := regexp.MustCompile(`(?m)^\s*` + key + `:\s*(\S+)\s*$`).FindSubmatch(text); found != nil {
			return string(found[1])
		}
		return ""
	}
	content := func(key string) ([]byte, error) {
		if path := value(key); path != "" {
			return os.ReadFile(path)
		}
		return base64.StdEncoding.DecodeString(value(key + "-data"))
	}
	authority, err := content("certificate-authority")
	if err != nil {
		return nil, "", err
	}
	certificate, err := content("client-certificate")
	if err != nil {
		return nil, "", err
	}
	key, err := content("client-key")
	if err != nil {
		return nil, "", err
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", kubeconfig, err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig:       &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}},
		ForceAttemptHTTP2:     false,
		TLSHandshakeTimeout:   5 * time.Second,
		ResponseHeaderTimeout: 10 * time.Second,
	}, Timeout: 6 * time.Minute}, value("server"), nil
}
