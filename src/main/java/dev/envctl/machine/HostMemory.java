package dev.envctl.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The memory of this machine, or of the container that we are in where that has less.
 *
 * @param total bytes
 * @param available bytes that can be had without ending anything
 */
public record HostMemory(long total, long available) {
    private static final String VERSION_2 = "/sys/fs/cgroup";
    private static final String VERSION_1 = "/sys/fs/cgroup/memory";
    private static final Pattern FIELD = Pattern.compile("(\\w+):?\\s+(\\d{1,18})(?: kB)?");

    /** Empty where the system does not tell. */
    public static Optional<HostMemory> of(Machine machine) {
        var info = fields(machine, "/proc/meminfo");
        var total = info.get("MemTotal");
        var available = info.get("MemAvailable");
        if (total == null || available == null) {
            return Optional.empty();
        }
        var whole = new HostMemory(total << 10, available << 10);
        return Optional.of(groups(machine).stream().reduce(whole, HostMemory::smaller));
    }

    private HostMemory smaller(HostMemory other) {
        return new HostMemory(Math.min(total, other.total), Math.min(available, other.available));
    }

    /**
     * The limits of the control groups around us. Not that of our own group where it is one of many: what a container
     * engine starts does not run in it.
     */
    private static List<HostMemory> groups(Machine machine) {
        var found = new ArrayList<HostMemory>();
        for (var line : machine.lines("/proc/self/cgroup")) {
            var parts = line.split(":", 3);
            if (parts.length < 3) {
                continue;
            }
            if (parts[0].equals("0")) {
                around(parts[2])
                        .forEach(path -> version2(machine, VERSION_2 + path).ifPresent(found::add));
            } else if (List.of(parts[1].split(",", -1)).contains("memory")) {
                around(parts[2])
                        .forEach(path -> version1(machine, VERSION_1 + path).ifPresent(found::add));
            }
        }
        return found;
    }

    /** The paths of the groups above, up to the root, which is the empty path. */
    private static List<String> around(String path) {
        var above = new ArrayList<String>();
        for (var here = path; !here.isEmpty(); ) {
            here = here.substring(0, Math.max(0, here.lastIndexOf('/')));
            above.add(here);
        }
        return above;
    }

    private static Optional<HostMemory> version2(Machine machine, String group) {
        return limit(
                machine.number(group + "/memory.max"),
                machine.number(group + "/memory.current"),
                fields(machine, group + "/memory.stat").get("inactive_file"));
    }

    private static Optional<HostMemory> version1(Machine machine, String group) {
        return limit(
                machine.number(group + "/memory.limit_in_bytes"),
                machine.number(group + "/memory.usage_in_bytes"),
                fields(machine, group + "/memory.stat").get("total_inactive_file"));
    }

    /** Files that nobody has looked at for some time can be dropped from memory. */
    private static Optional<HostMemory> limit(
            Optional<Long> most, Optional<Long> used, @org.jspecify.annotations.Nullable Long droppable) {
        if (most.isEmpty() || used.isEmpty()) {
            return Optional.empty();
        }
        var held = Math.max(0, used.get() - (droppable == null ? 0 : droppable));
        return Optional.of(new HostMemory(most.get(), Math.max(0, most.get() - held)));
    }

    private static Map<String, Long> fields(Machine machine, String file) {
        return machine.lines(file).stream()
                .map(FIELD::matcher)
                .filter(java.util.regex.Matcher::matches)
                .collect(Collectors.toMap(
                        field -> field.group(1), field -> Long.parseLong(field.group(2)), (first, second) -> first));
    }
}
