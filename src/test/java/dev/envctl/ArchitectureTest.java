package dev.envctl;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.haveRawType;
import static com.tngtech.archunit.lang.conditions.ArchConditions.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.reflect.TypeToken;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Which part of envctl may know which other; docs/architecture.md shows the same table. */
class ArchitectureTest {
    private static final String ROOT = "dev.envctl";

    /** Each package of ours and all others that it uses, apart from the root package, which every one may use. */
    private static final Map<String, Set<String>> USES = Map.ofEntries(
            entry("spec", Set.of()),
            entry("process", Set.of()),
            entry("readiness", Set.of()),
            entry("engine", Set.of("process", "readiness", "spec")),
            entry("cluster", Set.of("engine", "process", "readiness")),
            entry("kubernetes", Set.of("readiness")),
            entry("service", Set.of("kubernetes", "readiness", "spec")),
            entry("image", Set.of("process", "readiness", "spec")),
            entry("machine", Set.of("process", "readiness", "spec")),
            entry(
                    "environment",
                    Set.of(
                            "cluster",
                            "engine",
                            "image",
                            "kubernetes",
                            "machine",
                            "process",
                            "readiness",
                            "service",
                            "spec")),
            entry("suite", Set.of("environment", "kubernetes", "readiness", "spec")),
            entry("worker", Set.of()),
            entry("primary", Set.of("environment", "image", "machine", "process", "readiness", "spec", "worker")),
            entry(
                    "client",
                    Set.of(
                            "engine",
                            "environment",
                            "image",
                            "kubernetes",
                            "machine",
                            "primary",
                            "process",
                            "readiness",
                            "spec",
                            "suite")),
            entry(
                    "cli",
                    Set.of(
                            "client",
                            "environment",
                            "image",
                            "machine",
                            "primary",
                            "process",
                            "readiness",
                            "spec",
                            "suite")),
            entry("maven", Set.of("client", "environment", "image", "primary", "process", "readiness", "spec")),
            entry("junit", Set.of("process", "worker")));

    /** What a static field may hold; nobody writes into what is shared this way. */
    private static final Set<Class<?>> CONSTANTS = Set.of(
            String.class,
            byte[].class,
            Duration.class,
            Path.class,
            URI.class,
            Pattern.class,
            Comparator.class,
            TypeToken.class,
            ExtensionContext.Namespace.class,
            List.class,
            Set.class,
            Map.class);

    private final JavaClasses ours = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void packagesUseExactlyTheOnesInTheTable() {
        var actual = new TreeMap<String, Set<String>>();
        for (var type : ours) {
            var uses = actual.computeIfAbsent(name(type), found -> new TreeSet<>());
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(target -> target.getPackageName().startsWith(ROOT))
                    .map(ArchitectureTest::name)
                    .filter(target -> !target.isEmpty() && !target.equals(name(type)))
                    .forEach(uses::add);
        }

        assertThat(actual.remove("")).as("what the root package uses").isEmpty();
        assertThat(actual).containsExactlyInAnyOrderEntriesOf(USES);
    }

    @Test
    void theDocumentShowsTheSameTable() throws IOException {
        var row = Pattern.compile("\\| ((?:`\\w+`(?:, )?)+) \\| (–|(?:`\\w+`(?:, )?)+) \\|");
        var shown = new TreeMap<String, Set<String>>();
        Files.readString(Path.of("docs/architecture.md"))
                .lines()
                .map(row::matcher)
                .filter(Matcher::matches)
                .forEach(cells ->
                        names(cells.group(1)).forEach(name -> shown.put(name, new TreeSet<>(names(cells.group(2))))));

        assertThat(shown).containsExactlyInAnyOrderEntriesOf(USES);
    }

    private static List<String> names(String cell) {
        return Pattern.compile("\\w+")
                .matcher(cell)
                .results()
                .map(MatchResult::group)
                .toList();
    }

    @Test
    void noPackagesUseEachOtherInACircle() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(ours);
    }

    @Test
    void everyPackageIsNullMarked() {
        classes()
                .that(areNot(
                        "package descriptions", type -> type.getSimpleName().equals("package-info")))
                .should(not(com.tngtech.archunit.lang.conditions.ArchConditions.<JavaClass>be(describe(
                        "in a package without @NullMarked",
                        type -> !type.getPackage().isAnnotatedWith(NullMarked.class)))))
                .check(ours);
    }

    @Test
    void onlyTheProcessPackageRunsPrograms() {
        noClasses()
                .that(areNotIn("process"))
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Process.class, ProcessBuilder.class, ProcessHandle.class)
                .orShould()
                .callMethodWhere(describe(
                        "Runtime.exec",
                        call -> call.getTargetOwner().isEquivalentTo(Runtime.class)
                                && call.getName().equals("exec")))
                .check(ours);
    }

    @Test
    void onlyTheReadinessPackageSleeps() {
        noClasses()
                .that(areNotIn("readiness"))
                .should()
                .callMethodWhere(describe(
                        "sleep",
                        call -> call.getName().equals("sleep")
                                && (call.getTargetOwner().isEquivalentTo(Thread.class)
                                        || call.getTargetOwner().isEquivalentTo(java.util.concurrent.TimeUnit.class))))
                .check(ours);
    }

    @Test
    void onlyTheCommandLineTouchesTheStandardStreamsAndExits() {
        noClasses()
                .that(areNotIn("cli"))
                .should()
                .accessFieldWhere(describe(
                        "System.in, System.out or System.err",
                        access -> access.getTargetOwner().isEquivalentTo(System.class)))
                .orShould()
                .callMethodWhere(describe(
                        "exit or halt",
                        call -> (call.getTargetOwner().isEquivalentTo(System.class)
                                        || call.getTargetOwner().isEquivalentTo(Runtime.class))
                                && Set.of("exit", "halt").contains(call.getName())))
                .check(ours);
    }

    @Test
    void eachForeignSystemHasOneHome() {
        isHomeOf("cli", "picocli..", "org.jline..");
        isHomeOf("engine", "com.github.dockerjava..");
        isHomeOf("kubernetes", "okhttp3..", "io.kubernetes..");
        isHomeOf("service", "org.postgresql..", "java.sql..", "javax.sql..", "redis.clients..");
        isHomeOf("spec", "dev.harrel..");
        isHomeOf("maven", "org.apache.maven..", "org.eclipse.aether..", "javax.inject..");
        isHomeOf("junit", "org.junit..");
    }

    /** They are what a project has on the class path of its tests, and the jar brings no others along. */
    @Test
    void whatTestsUseNeedsNothingButTheJdkAndJUnit() {
        classes()
                .that(describe(
                        "are used in tests",
                        type -> Set.of("worker", "junit", "process", "").contains(name(type))))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("java..", "dev.envctl..", "org.junit..", "org.jspecify.annotations.."))
                .check(ours);
    }

    @Test
    void staticFieldsHoldNoState() {
        fields().that()
                .areStatic()
                .and(describe(
                        "are written by people",
                        (JavaField field) -> !field.getModifiers().contains(JavaModifier.SYNTHETIC)))
                .should()
                .beFinal()
                .andShould(haveRawType(describe(
                        "a value that never changes",
                        type -> isConstant(type) || type.isAssignableTo(Enum.class) || isOurs(type))))
                .check(ours);
    }

    private static boolean isConstant(JavaClass type) {
        return type.isPrimitive() || CONSTANTS.stream().anyMatch(type::isEquivalentTo);
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().startsWith(ROOT);
    }

    private void isHomeOf(String home, String... libraries) {
        noClasses()
                .that(areNotIn(home))
                .should()
                .dependOnClassesThat(resideInAnyPackage(libraries))
                .check(ours);
    }

    private static DescribedPredicate<JavaClass> areNotIn(String name) {
        return areNot("in " + name, type -> name(type).equals(name));
    }

    private static DescribedPredicate<JavaClass> areNot(String what, Predicate<JavaClass> predicate) {
        return describe("are not " + what, predicate.negate());
    }

    /** Without {@code dev.envctl.}; empty for the root package itself. */
    private static String name(JavaClass type) {
        var full = type.getPackageName();
        return full.equals(ROOT) ? "" : full.substring(ROOT.length() + 1);
    }
}
