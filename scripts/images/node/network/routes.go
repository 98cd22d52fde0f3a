package main

import (
	"fmt"
	"net"
	"os/exec"
	"strings"
)

// Marks our routes among the node's: a number that iproute2 gives to nobody.
const protocol = "77"

// masquerade lets pods reach what is outside the cluster under the node's address.
func masquerade(pods *net.IPNet) error {
	rule := []string{"POSTROUTING", "-s", pods.String(), "!", "-d", pods.String(), "-j", "MASQUERADE"}
	if _, err := run("iptables", append([]string{"-w", "-t", "nat", "-C"}, rule...)...); err == nil {
		return nil
	}
	_, err := run("iptables", append([]string{"-w", "-t", "nat", "-A"}, rule...)...)
	return err
}

// setRoutes leaves those routes and no others of ours: range to the node's address.
func setRoutes(wanted map[string]string) error {
	shown, err := run("ip", "-4", "route", "show", "proto", protocol)
	if err != nil {
		return err
	}
	there := map[string]string{}
	for _, line := range strings.Split(shown, "\n") {
		// 10.244.1.0/24 via 10.89.0.3 dev eth0
		if words := strings.Fields(line); len(words) >= 3 && words[1] == "via" {
			there[words[0]] = words[2]
		}
	}
	for pods := range there {
		if wanted[pods] == "" {
			if _, err := run("ip", "route", "del", pods, "proto", protocol); err != nil {
				return err
			}
		}
	}
	for pods, address := range wanted {
		if there[pods] != address {
			if _, err := run("ip", "route", "replace", pods, "via", address, "proto", protocol); err != nil {
				return err
			}
			fmt.Printf("pods of %s: %s\n", address, pods)
		}
	}
	return nil
}

func run(program string, arguments ...string) (string, error) {
	output, err := exec.Command(program, arguments...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s %s: %v: %s", program, strings.Join(arguments, " "), err, strings.TrimSpace(string(output)))
	}
	return string(output), nil
}
