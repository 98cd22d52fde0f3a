package dev.envctl.scripted;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A file that is written to: each write is a step, which a kill can cut in the middle. Nothing waits for a disk. */
final class ScriptedChannel extends FileChannel {
    private static final Pattern JOURNALED = Pattern.compile("\"step\":\"([^\"]+)\",\"event\":\"([^\"]+)\"");

    private final FileChannel real;
    private final Life life;
    private final String name;

    ScriptedChannel(FileChannel real, Life life, String name) {
        this.real = real;
        this.life = life;
        this.name = name;
    }

    private String step(ByteBuffer bytes) {
        var line = JOURNALED.matcher(StandardCharsets.UTF_8.decode(bytes.duplicate()));
        return line.find() ? "journal %s: %s".formatted(line.group(1), line.group(2)) : "write " + name;
    }

    private int half(ByteBuffer bytes) throws IOException {
        var part = bytes.duplicate();
        part.limit(part.position() + part.remaining() / 2);
        return real.write(part);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return life.write(step(bytes), () -> half(bytes), () -> real.write(bytes));
    }

    @Override
    public long write(ByteBuffer[] bytes, int offset, int length) {
        throw new UnsupportedOperationException("nothing is gathered here");
    }

    @Override
    public int write(ByteBuffer bytes, long position) {
        throw new UnsupportedOperationException("files are written from the front");
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
        life.live();
        return real.read(bytes);
    }

    @Override
    public long read(ByteBuffer[] bytes, int offset, int length) throws IOException {
        return real.read(bytes, offset, length);
    }

    @Override
    public int read(ByteBuffer bytes, long position) throws IOException {
        return real.read(bytes, position);
    }

    @Override
    public long position() throws IOException {
        return real.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
        real.position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return real.size();
    }

    @Override
    public FileChannel truncate(long size) {
        throw new UnsupportedOperationException("nothing is truncated here");
    }

    @Override
    public void force(boolean metadata) {
        life.live();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        return real.transferTo(position, count, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
        throw new UnsupportedOperationException("nothing is transferred here");
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw new UnsupportedOperationException("nothing is mapped here");
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        return real.lock(position, size, shared);
    }

    @Override
    public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return real.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        real.close();
    }
}
