package dev.envctl.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestFilesTest {
    @Test
    void readsEveryDocumentWithItsLine() {
        var manifests = ManifestFiles.parse("a.yaml", """
                # a comment
                ---
                {apiVersion: v1, kind: Namespace, metadata: {name: one}}
                ---
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: two}
                """);

        assertThat(manifests).extracting(Manifest::source).containsExactly("a.yaml:3", "a.yaml:6");
    }

    @Test
    void readsScalarsAsKubernetesDoes() {
        var data = Fields.of(ManifestFiles.parse("a.yaml", """
                        apiVersion: v1
                        kind: X
                        metadata: {name: x}
                        data: {date: 2026-01-01, ports: 15432:30432, mode: 0644, size: 3, part: 0.5, yes: on, 1: one, none: }
                        """).get(0).object())
                .at("data")
                .object();

        assertThat(data.toString())
                .isEqualTo(
                        "{date=2026-01-01, ports=15432:30432, mode=420, size=3, part=0.5, true=true, 1=one, none=null}");
        assertThat(data.get("date")).isInstanceOf(String.class);
    }

    @Test
    void takesAListForItsItems() {
        var manifests = ManifestFiles.parse("a.yaml", """
                apiVersion: v1
                kind: List
                items:
                - {apiVersion: v1, kind: Namespace, metadata: {name: one}}
                - {apiVersion: v1, kind: Namespace, metadata: {name: two}}
                """);

        assertThat(manifests)
                .extracting(manifest -> manifest.reference().name())
                .containsExactly("one", "two");
    }

    @Test
    void refusesAKeyGivenTwice() {
        assertThatThrownBy(() -> ManifestFiles.parse("a.yaml", "apiVersion: v1\nkind: A\nkind: B\n"))
                .hasMessageStartingWith("a.yaml:3:1: found duplicate key kind");
    }

    @Test
    void refusesAnObjectWithoutAName() {
        assertThatThrownBy(() -> ManifestFiles.parse("a.yaml", "\napiVersion: v1\nkind: Pod\n"))
                .hasMessage("a.yaml:2: this object has no metadata.name.");
    }

    @Test
    void readsAFolderInNameOrder(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("2.yml"), "{apiVersion: v1, kind: Namespace, metadata: {name: second}}");
        Files.writeString(folder.resolve("1.yaml"), "{apiVersion: v1, kind: Namespace, metadata: {name: first}}");
        Files.writeString(folder.resolve("README.md"), "not YAML: [");

        assertThat(ManifestFiles.read(folder))
                .extracting(manifest -> manifest.reference().name())
                .containsExactly("first", "second");
    }

    @Test
    void refusesAFolderWithoutObjects(@TempDir Path folder) {
        assertThatThrownBy(() -> ManifestFiles.read(folder)).hasMessageContaining("holds no Kubernetes object");
    }
}
