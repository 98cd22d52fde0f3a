package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.environment.WorkerLease.NodePort;
import dev.envctl.service.PostgresService;
import dev.envctl.service.RedisService;
import dev.envctl.spec.PortRange;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodePortsTest {
    private static final NodePorts PORTS = new NodePorts(Optional.of(new PortRange(15003, 17050)), 4);

    @Test
    void areNeighboursOnTheHostAndInTheCluster() {
        var ports = new NodePorts(Optional.of(new PortRange(15003, 15010)), 2);

        assertThat(ports.of(1)).containsExactly(new NodePort(15003, 30002), new NodePort(15004, 30003));
        assertThat(ports.of(4)).containsExactly(new NodePort(15009, 30008), new NodePort(15010, 30009));
    }

    @Test
    void areNobodyElses() {
        var all = IntStream.rangeClosed(1, 512)
                .boxed()
                .flatMap(worker -> PORTS.of(worker).stream())
                .toList();

        assertThat(all.stream().map(NodePort::node))
                .doesNotHaveDuplicates()
                .doesNotContain(PostgresService.NODE_PORT, RedisService.NODE_PORT)
                .allMatch(port -> port < RedisService.nodePort(1));
        assertThat(all.stream().map(NodePort::host)).doesNotHaveDuplicates().allMatch(port -> port <= 17050);
    }

    @Test
    void thereAreNoneWhereWorkersHaveNone() {
        assertThat(new NodePorts(Optional.empty(), 0).of(3)).isEmpty();
    }
}
