package dev.envctl.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A layout in a tar. All headers are read first, and one entry that is no ordinary file or folder inside of it is enough to
 * refuse everything. Nothing is ever written to the name that an entry has.
 */
final class LayoutTar extends Layout {
    private static final int BLOCK = TarHeader.BLOCK;
    private static final int MOST_ENTRIES = 10_000;
    /** Records of an extended header may describe times and the like, and a size above 8 GB, never what a file is. */
    private static final int EXTENDED_LIMIT = 64 * 1024;

    private static final Pattern SIZE = Pattern.compile("size=([0-9]{1,18})");

    private final FileChannel channel;
    private final Map<String, Place> places = new HashMap<>();

    private record Place(long start, long size) {}

    LayoutTar(Path file) {
        super(file);
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        } catch (IOException e) {
            throw StoredFile.cannot("read", file, e);
        }
        try {
            readHeaders();
        } catch (IOException e) {
            close();
            throw StoredFile.cannot("read", file, e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void readHeaders() throws IOException {
        var end = channel.size();
        var entries = 0;
        var announced = OptionalLong.empty();
        for (var at = 0L; ; ) {
            if (at + BLOCK > end) {
                throw untrusted("is cut short, or no tar: a tar ends with a block of zeros");
            }
            var block = new byte[BLOCK];
            read(at, block);
            if (Arrays.equals(block, new byte[BLOCK])) {
                return;
            }
            if (++entries > MOST_ENTRIES) {
                throw untrusted("has more than %d entries".formatted(MOST_ENTRIES));
            }
            var header = TarHeader.parse(block);
            if (!header.isWhole()) {
                throw untrusted("is no tar, or damaged at byte %d".formatted(at));
            }
            if (announced.isPresent() && !header.isFile()) {
                throw untrusted("has an extended header that changes what is no file: " + shown(header.name()));
            }
            var place = new Place(at + BLOCK, announced.orElse(header.size()));
            if (place.size() < 0 || place.size() > end - place.start()) {
                throw untrusted("is cut short: %s has %d bytes, of which %d are there"
                        .formatted(shown(header.name()), place.size(), Math.max(0, end - place.start())));
            }
            announced = take(header, place);
            at = place.start() + (place.size() + BLOCK - 1) / BLOCK * BLOCK;
        }
    }

    /** The size of the next file, where this is an extended header that says it. */
    private OptionalLong take(TarHeader header, Place place) throws IOException {
        var name = header.name();
        switch (header.kind()) {
            case '0', 0 -> {
                requireInside(name);
                if (places.put(plain(name), place) != null) {
                    throw untrusted("has two files called " + shown(name));
                }
            }
            case '5' -> requireInside(name);
            case 'x' -> {
                return announcedSize(place, true);
            }
            case 'g' -> announcedSize(place, false);
            case '1', '2' -> throw untrusted("has a link, " + shown(name));
            case '3', '4', '6' -> throw untrusted("has a device, " + shown(name));
            default -> throw untrusted("has an entry of a kind that no layout needs, " + shown(name));
        }
        return OptionalLong.empty();
    }

    private void requireInside(String name) {
        if (name.startsWith("/")) {
            throw untrusted("has a file with an absolute name, " + shown(name));
        }
        if (List.of(name.split("/", -1)).contains("..")) {
            throw untrusted("has a file that leads out of it, " + shown(name));
        }
    }

    /** @param allowed whether it may say one: it may not for all files that follow */
    private OptionalLong announcedSize(Place place, boolean allowed) throws IOException {
        if (place.size() > EXTENDED_LIMIT) {
            throw untrusted("has an extended header of %d bytes".formatted(place.size()));
        }
        var bytes = new byte[(int) place.size()];
        read(place.start(), bytes);
        var size = OptionalLong.empty();
        // A value with a line break in it may pass for two records: what is refused then is refused too often.
        for (var line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
            var record = line.replaceFirst("^[0-9]+ ", "");
            var said = SIZE.matcher(record);
            if (allowed && said.matches()) {
                size = OptionalLong.of(Long.parseLong(said.group(1)));
            } else if (record.matches("(path|linkpath|size|GNU\\.sparse).*")) {
                throw untrusted("has an extended header that changes what a file is: " + shown(record));
            }
        }
        return size;
    }

    private static String plain(String name) {
        return name.replaceFirst("^(\\./+)+", "").replaceAll("/{2,}", "/");
    }

    /** Names come from strangers and go to a terminal. */
    private static String shown(String name) {
        return "`" + name.replaceAll("\\p{Cntrl}", "?") + "`";
    }

    private void read(long at, byte[] bytes) throws IOException {
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw untrusted("became shorter while it was read");
            }
        }
    }

    @Override
    long size(String name) {
        return place(name).size();
    }

    @Override
    InputStream open(String name) {
        var place = place(name);
        return new InputStream() {
            private long at;

            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int start, int length) throws IOException {
                if (at >= place.size()) {
                    return -1;
                }
                var wanted = (int) Math.min(length, place.size() - at);
                var count = channel.read(ByteBuffer.wrap(bytes, start, wanted), place.start() + at);
                at += Math.max(0, count);
                return count;
            }
        };
    }

    private Place place(String name) {
        if (!places.containsKey(name)) {
            throw untrusted("lacks " + name);
        }
        return Objects.requireNonNull(places.get(name));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It was only read.
            return;
        }
    }
}
