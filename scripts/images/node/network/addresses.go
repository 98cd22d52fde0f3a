package main

import (
	"bytes"
	"encoding/json"
	"log"
	"net"
	"os"
	"regexp"
)

const (
	configuration = "/etc/cni/net.d/10-node.conflist"
	// kubeadm's default, where kind's file says nothing.
	defaultSubnet = "10.244.0.0/16"
)

// podSubnet is the range of the whole cluster, as kind told kubeadm.
func podSubnet() *net.IPNet {
	said := defaultSubnet
	if text, err := os.ReadFile("/kind/kubeadm.conf"); err == nil {
		if found := regexp.MustCompile(`(?m)^\s*podSubnet:\s*"?([0-9./]+)"?\s*$`).FindSubmatch(text); found != nil {
			said = string(found[1])
		}
	}
	_, subnet, err := net.ParseCIDR(said)
	if err != nil {
		log.Fatalf("the pod subnet: %v", err)
	}
	return subnet
}

// firstRange is what kube-controller-manager gives the first node: it counts up
// in ranges of 24 bits.
func firstRange(subnet *net.IPNet) string {
	ones, _ := subnet.Mask.Size()
	return (&net.IPNet{IP: subnet.IP, Mask: net.CIDRMask(max(ones, 24), 32)}).String()
}

// isFirst says whether this node makes the cluster. Its range is known, and so
// its network is there before its kubelet asks; a node that joins has a token to
// do so and waits for what the cluster says. Were the guess wrong, the cluster's
// answer would replace it.
func isFirst() bool {
	return absent("/etc/kubernetes/bootstrap-kubelet.conf") && absent(configuration)
}

func absent(path string) bool {
	_, err := os.Stat(path)
	return os.IsNotExist(err)
}

// writeConfiguration writes the plugins' configuration for a range, if it changed.
func writeConfiguration(pods string) (bool, error) {
	type object = map[string]any
	pair := object{
		"type": "ptp",
		"ipam": object{
			"type":    "host-local",
			"dataDir": "/run/cni/addresses",
			"ranges":  [][]object{{{"subnet": pods}}},
			"routes":  []object{{"dst": "0.0.0.0/0"}},
		},
	}
	if outside, err := net.InterfaceByName("eth0"); err == nil {
		pair["mtu"] = outside.MTU
	}
	text, err := json.MarshalIndent(object{
		"cniVersion": "0.4.0",
		"name":       "node",
		"plugins":    []object{pair, {"type": "portmap", "capabilities": object{"portMappings": true}}},
	}, "", "  ")
	if err != nil {
		return false, err
	}
	if old, err := os.ReadFile(configuration); err == nil && bytes.Equal(old, text) {
		return false, nil
	}
	// containerd reads every file of the folder whose name it knows, so it must
	// never see half of one.
	beside := configuration + ".new"
	if err := os.WriteFile(beside, text, 0o644); err != nil {
		return false, err
	}
	return true, os.Rename(beside, configuration)
}
