package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.environment.WorkerLease.NodePort;
import dev.envctl.spec.PortRange;
import dev.envctl.spec.WorkersSpec;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodePortsTest {
    private static List<NodePort> of(int worker, int each) {
        return NodePorts.of(
                worker,
                new PortRange(15000, 15009),
                new WorkersSpec(4, 20, 6, each, WorkersSpec.Access.NAMESPACE, 0, OptionalInt.empty()));
    }

    @Test
    void areReachedByThePortsBehindTheWorkersOwn() {
        assertThat(of(1, 2)).containsExactly(new NodePort(15006, 30000), new NodePort(15007, 30001));
        assertThat(of(3, 2)).containsExactly(new NodePort(15006, 30004), new NodePort(15007, 30005));
        assertThat(of(3, 0)).isEmpty();
    }

    @Test
    void areNobodyElses() {
        var all = IntStream.rangeClosed(1, 512)
                .boxed()
                .flatMap(worker -> of(worker, 4).stream())
                .map(NodePort::node)
                .toList();

        assertThat(all).doesNotHaveDuplicates().doesNotContain(30379, 30432).allMatch(port -> port < 32200);
    }
}
