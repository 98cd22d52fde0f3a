package dev.envctl.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.envctl.EnvctlException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutTarTest {
    private static final long NINE_GIGABYTES = 9_000_000_000L;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {TarArchiveOutputStream.BIGNUMBER_POSIX, TarArchiveOutputStream.BIGNUMBER_STAR})
    void readsBlobsAboveEightGigabytesAsPosixAndGnuWriteThem(int mode) throws IOException {
        var headers = headers(mode, new TarArchiveEntry("blobs/sha256/large"), NINE_GIGABYTES);
        var end = headers.length + NINE_GIGABYTES + TarHeader.BLOCK;

        try (var layout = new LayoutTar(sparse(headers, end + TarHeader.BLOCK))) {
            assertThat(layout.size("blobs/sha256/large")).isEqualTo(NINE_GIGABYTES);
        }
        assertThatThrownBy(() -> new LayoutTar(sparse(headers, NINE_GIGABYTES)))
                .isInstanceOf(EnvctlException.class)
                .hasMessageContaining("is cut short: `blobs/sha256/large` has 9000000000 bytes");
    }

    @Test
    void refusesASizeForAllThatFollows() throws IOException {
        var content = extended("9 size=1\n", "index.json", "{}");
        // The library writes global headers for itself only.
        var sum = Integer.parseInt(new String(content, 148, 6, StandardCharsets.US_ASCII).strip(), 8) + 'g' - 'x';
        System.arraycopy("%06o".formatted(sum).getBytes(StandardCharsets.US_ASCII), 0, content, 148, 6);
        content[156] = 'g';

        assertThatThrownBy(() -> new LayoutTar(sparse(content, content.length)))
                .isInstanceOf(EnvctlException.class)
                .hasMessageContaining("has an extended header that changes what a file is: `size=1`");
    }

    @Test
    void refusesASizeForWhatIsNoFile() throws IOException {
        var content = extended("9 size=1\n", "blobs/", "");

        assertThatThrownBy(() -> new LayoutTar(sparse(content, content.length)))
                .isInstanceOf(EnvctlException.class)
                .hasMessageContaining("has an extended header that changes what is no file: `blobs/`");
    }

    @ParameterizedTest
    @ValueSource(strings = {"path", "linkpath", "GNU.sparse.realsize"})
    void refusesRecordsThatMakeAnotherFileOfIt(String key) throws IOException {
        var content = extended("99 %s=1\n".formatted(key), "index.json", "{}");

        assertThatThrownBy(() -> new LayoutTar(sparse(content, content.length)))
                .isInstanceOf(EnvctlException.class)
                .hasMessageContaining("`%s=1`".formatted(key));
    }

    /** An extended header with one record, and the file or folder that it is for. */
    private static byte[] extended(String record, String name, String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            add(tar, new TarArchiveEntry("extended", (byte) 'x'), record);
            add(tar, new TarArchiveEntry(name), text);
        }
        return bytes.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, TarArchiveEntry entry, String text) throws IOException {
        var content = text.getBytes(StandardCharsets.UTF_8);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    /** All that stands before the content. */
    @SuppressWarnings("resource") // Closed, it would want the content.
    private static byte[] headers(int mode, TarArchiveEntry entry, long size) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var tar = new TarArchiveOutputStream(bytes, TarHeader.BLOCK, "UTF-8");
        tar.setBigNumberMode(mode);
        entry.setSize(size);
        tar.putArchiveEntry(entry);
        tar.flush();
        return bytes.toByteArray();
    }

    /** The bytes, and zeros that take no room on the disk. */
    private Path sparse(byte[] begin, long length) throws IOException {
        var path = folder.resolve("layout.tar");
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(0);
            file.write(begin);
            file.setLength(length);
        }
        return path;
    }
}
