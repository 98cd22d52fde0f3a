// Command tools is kubeadm and kubectl in one binary; the name it is called by
// chooses. Apart from the daemons, because these start often and must start fast.
package main

import (
	"os"
	"path/filepath"

	_ "k8s.io/client-go/plugin/pkg/client/auth"
	"k8s.io/component-base/cli"
	"k8s.io/component-base/logs"
	kubectl "k8s.io/kubectl/pkg/cmd"
	kubectlutil "k8s.io/kubectl/pkg/cmd/util"
	kubeadm "k8s.io/kubernetes/cmd/kubeadm/app"
	kubeadmerrors "k8s.io/kubernetes/cmd/kubeadm/app/util/errors"
)

func main() {
	if filepath.Base(os.Args[0]) == "kubeadm" {
		kubeadmerrors.HandleError(kubeadm.Run())
		return
	}
	// The command's construction logs too, so the level is needed before it.
	_, _ = logs.GlogSetter(kubectl.GetLogVerbosity(os.Args))
	if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
		kubectlutil.CheckErr(err)
	}
}
