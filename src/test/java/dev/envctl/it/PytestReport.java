package dev.envctl.it;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * What pytest's JUnit XML says.
 *
 * @param tests how many ran
 * @param troubles failures, errors and skipped ones
 * @param leases which ones the tests had
 */
record PytestReport(int tests, int troubles, Set<String> leases) {
    static PytestReport read(Path file) {
        try {
            var report =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
            return new PytestReport(
                    count(report, "testcase"),
                    count(report, "failure") + count(report, "error") + count(report, "skipped"),
                    leases(report));
        } catch (Exception e) {
            throw new AssertionError("no report of pytest: " + file, e);
        }
    }

    private static int count(Document report, String name) {
        return report.getElementsByTagName(name).getLength();
    }

    private static Set<String> leases(Document report) {
        var leases = new TreeSet<String>();
        var properties = report.getElementsByTagName("property");
        for (var index = 0; index < properties.getLength(); index++) {
            if (properties.item(index) instanceof Element property
                    && property.getAttribute("name").equals("envctl_lease")) {
                leases.add(property.getAttribute("value"));
            }
        }
        return leases;
    }
}
