package dev.envctl.machine;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether a cluster of one node with its services fits into memory: about 2 GiB before any pod of a test. */
record FreeMemoryCheck(Machine machine) implements Check {
    private static final double KIBIBYTES_IN_GIBIBYTE = 1 << 20;
    private static final double ENOUGH = 2.0;

    @Override
    public String title() {
        return "Free memory";
    }

    @Override
    public Need need() {
        return Need.ADVICE;
    }

    @Override
    public Verdict look() {
        var available = gibibytes("MemAvailable");
        if (available.isEmpty()) {
            return Verdict.of(Outcome.notApplicable("this system does not tell"));
        }
        var said = String.format(
                Locale.ROOT,
                "%.1f of %.1f GiB available",
                available.get(),
                gibibytes("MemTotal").orElse(0.0));
        return Verdict.of(
                available.get() >= ENOUGH
                        ? Outcome.ok(said)
                        : Outcome.wrong(
                                "Only %s; a cluster with its services takes about 2 GiB, and the kernel ends what does not fit."
                                        .formatted(said),
                                List.of("ps -eo rss,pid,args --sort=-rss | head")));
    }

    private Optional<Double> gibibytes(String field) {
        return machine.lines("/proc/meminfo").stream()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> Double.parseDouble(line.replaceAll("\\D+", "")) / KIBIBYTES_IN_GIBIBYTE)
                .findFirst();
    }
}
