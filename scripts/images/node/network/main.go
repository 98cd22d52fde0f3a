// Command pod-network connects the pods of one node with those of the others, as
// kind's own network does: addresses by the plugins ptp and host-local from the
// range that the cluster gives the node, and a route to the range of each other
// node. It runs beside the kubelet and asks with the kubelet's credentials.
// IPv4 only.
package main

import (
	"log"
	"net"
	"os"
	"time"
)

func main() {
	log.SetFlags(0)
	pods := podSubnet()
	if err := masquerade(pods); err != nil {
		log.Fatal(err)
	}
	if isFirst() {
		if _, err := writeConfiguration(firstRange(pods)); err != nil {
			log.Fatal(err)
		}
	}
	ready()

	name, err := os.Hostname()
	if err != nil {
		log.Fatal(err)
	}
	said := ""
	for {
		err := follow(func(nodes map[string]node) error { return connect(nodes, name) })
		// The same answer for seconds, until the cluster is made, is said once.
		if reason := err.Error(); reason != said {
			log.Print(reason)
			said = reason
		}
		time.Sleep(500 * time.Millisecond)
	}
}

// connect makes this node's own configuration and its routes what the cluster says.
func connect(nodes map[string]node, self string) error {
	if own, known := nodes[self]; known && own.pods != "" {
		written, err := writeConfiguration(own.pods)
		if err != nil {
			return err
		}
		if written {
			log.Printf("pods of this node: %s", own.pods)
		}
	}
	wanted := map[string]string{}
	for name, other := range nodes {
		if name != self && other.pods != "" && other.address != "" {
			wanted[other.pods] = other.address
		}
	}
	return setRoutes(wanted)
}

// ready tells systemd that the kubelet may start.
func ready() {
	if address := os.Getenv("NOTIFY_SOCKET"); address != "" {
		if socket, err := net.Dial("unixgram", address); err == nil {
			_, _ = socket.Write([]byte("READY=1"))
			_ = socket.Close()
		}
	}
}
