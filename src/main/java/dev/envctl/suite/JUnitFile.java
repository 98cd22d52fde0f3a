package dev.envctl.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Counts the tests in a JUnit file. The test cases are counted, and what {@code testsuite} elements say of themselves: some
 * tools note an error of a whole suite only there. Nothing that the file refers to is read.
 */
final class JUnitFile {
    private static final Set<String> ROOTS = Set.of("testsuites", "testsuite");

    private final XMLStreamReader xml;
    private TestCounts counted = TestCounts.NONE;
    private TestCounts told = TestCounts.NONE;
    private TestCounts sum = TestCounts.NONE;
    private int depth;
    private boolean failed;
    private boolean broken;
    private boolean skipped;

    private JUnitFile(XMLStreamReader xml) {
        this.xml = xml;
    }

    /**
     * Reads a file whose name ends in {@code .xml}.
     *
     * @return empty where it is XML of another kind
     * @throws IOException where it is no whole XML
     */
    static Optional<TestCounts> read(Path file) throws IOException {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try (var stream = Files.newInputStream(file)) {
            var xml = factory.createXMLStreamReader(stream);
            try {
                skipToRoot(xml);
                return ROOTS.contains(xml.getLocalName()) ? Optional.of(new JUnitFile(xml).count()) : Optional.empty();
            } finally {
                xml.close();
            }
        } catch (XMLStreamException e) {
            throw new IOException(
                    "line %d: %s"
                            .formatted(
                                    e.getLocation() == null
                                            ? 1
                                            : e.getLocation().getLineNumber(),
                                    String.valueOf(e.getMessage()).replaceAll("(?s).*Message: ", "")),
                    e);
        }
    }

    /** A document type and comments may come before it. The file's end is an error. */
    private static void skipToRoot(XMLStreamReader xml) throws XMLStreamException {
        var event = xml.getEventType();
        while (event != XMLStreamConstants.START_ELEMENT) {
            event = xml.next();
        }
    }

    private TestCounts count() throws XMLStreamException {
        begin();
        while (xml.hasNext()) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> begin();
                case XMLStreamConstants.END_ELEMENT -> end();
                default -> {
                    continue;
                }
            }
        }
        return counted.orWorse(told).plus(new TestCounts(1, 0, 0, 0, 0));
    }

    private void begin() {
        depth++;
        switch (xml.getLocalName()) {
            // Those inside others are counted by these too.
            case "testsuites", "testsuite" -> {
                if (depth <= 2) {
                    tell();
                }
            }
            case "testcase" -> {
                failed = false;
                broken = false;
                skipped = false;
            }
            case "failure" -> failed = true;
            case "error" -> broken = true;
            case "skipped" -> skipped = true;
            default -> {
                return;
            }
        }
    }

    private void end() {
        depth--;
        if (xml.getLocalName().equals("testcase")) {
            counted = counted.plus(new TestCounts(
                    0, 1, failed && !broken ? 1 : 0, broken ? 1 : 0, skipped && !failed && !broken ? 1 : 0));
        }
    }

    /** The outermost elements of a level tell of all below them; of two levels the worse counts. */
    private void tell() {
        var here = new TestCounts(0, number("tests"), number("failures"), number("errors"), number("skipped"));
        if (depth == 1) {
            told = here;
        } else {
            sum = sum.plus(here);
            told = told.orWorse(sum);
        }
    }

    private int number(String attribute) {
        var text = xml.getAttributeValue(null, attribute);
        return text != null && text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }
}
