package dev.envctl.suite;

import dev.envctl.spec.ReportPath;
import java.util.ArrayList;
import java.util.List;

/**
 * The folders that a suite's container and the one that keeps its reports share.
 *
 * @param inSuite absolute paths in the suite's container; none lies in another
 */
record ReportFolders(List<String> inSuite) {
    /** Where the keeper has the first one as {@code 0}, the second as {@code 1} and so on. */
    static final String IN_KEEPER = "/reports";

    ReportFolders {
        inSuite = List.copyOf(inSuite);
    }

    static ReportFolders of(List<ReportPath> reports) {
        var outermost = new ArrayList<String>();
        reports.stream().map(ReportPath::folder).sorted().distinct().forEach(folder -> {
            if (outermost.stream().noneMatch(outer -> folder.startsWith(outer + "/"))) {
                outermost.add(folder);
            }
        });
        return new ReportFolders(outermost);
    }

    /**
     * A file of the keeper as the suite's container has it.
     *
     * @param name below {@link #IN_KEEPER}, such as {@code 0/TEST-a.xml}
     * @throws IllegalArgumentException where there is no such folder
     */
    String inSuite(String name) {
        var slash = name.indexOf('/');
        var folder = slash < 1 ? "" : name.substring(0, slash);
        if (!folder.matches("\\d{1,3}") || Integer.parseInt(folder) >= inSuite.size()) {
            throw new IllegalArgumentException("no file of a suite: " + name);
        }
        return inSuite.get(Integer.parseInt(folder)) + name.substring(slash);
    }
}
