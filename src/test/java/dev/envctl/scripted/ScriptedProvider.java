package dev.envctl.scripted;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Passes everything on to the real files; what changes them is a step of one process. */
final class ScriptedProvider extends FileSystemProvider {
    private final ScriptedFileSystem files;
    private final Life life;
    private final FileSystemProvider real = FileSystems.getDefault().provider();

    ScriptedProvider(ScriptedFileSystem files, Life life) {
        this.files = files;
        this.life = life;
    }

    private static Path real(Path path) {
        return ScriptedFileSystem.real(path);
    }

    /** Without what is random in it. */
    private static String name(Path path) {
        return String.valueOf(path.getFileName()).replaceAll("\\.\\d+\\.tmp$", ".tmp");
    }

    private <T> T change(String what, Path path, Life.Effect<T, IOException> effect) throws IOException {
        return life.write(what + " " + name(path), effect, effect);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        life.live();
        var writes = options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
        if (!writes) {
            return real.newFileChannel(real(path), options, attributes);
        }
        var changes = !Files.exists(real(path)) || options.contains(StandardOpenOption.TRUNCATE_EXISTING);
        Life.Effect<FileChannel, IOException> open = () -> real.newFileChannel(real(path), options, attributes);
        var channel = changes ? change("open", path, open) : open.run();
        if (List.of("lock", "clusters.lock").contains(name(path))) {
            life.locksWith(channel);
            return channel;
        }
        return new ScriptedChannel(channel, life, name(path));
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        life.live();
        var stream = real.newDirectoryStream(real(directory), path -> filter.accept(files.wrap(path)));
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                var paths = stream.iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return paths.hasNext();
                    }

                    @Override
                    public Path next() {
                        return files.wrap(paths.next());
                    }
                };
            }

            @Override
            public void close() throws IOException {
                stream.close();
            }
        };
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        change("make", directory, () -> {
            real.createDirectory(real(directory), attributes);
            return directory;
        });
    }

    @Override
    public void delete(Path path) throws IOException {
        if (!Files.exists(real(path), LinkOption.NOFOLLOW_LINKS)) {
            life.live();
            real.delete(real(path));
        }
        change("delete", path, () -> {
            real.delete(real(path));
            return path;
        });
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new UnsupportedOperationException("nothing is copied here");
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        change("move", target, () -> {
            real.move(real(source), real(target), options);
            return target;
        });
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        life.live();
        real.checkAccess(real(path), modes);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        life.live();
        return real.readAttributes(real(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        life.live();
        return real.readAttributes(real(path), attributes, options);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        return real.getFileAttributeView(real(path), type, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        real.setAttribute(real(path), attribute, value, options);
    }

    @Override
    public boolean isSameFile(Path one, Path other) throws IOException {
        return real.isSameFile(real(one), real(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return real.isHidden(real(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return real.getFileStore(real(path));
    }

    @Override
    public String getScheme() {
        return "scripted";
    }

    @Override
    public FileSystem newFileSystem(URI address, Map<String, ?> environment) {
        throw new UnsupportedOperationException("made by its constructor");
    }

    @Override
    public FileSystem getFileSystem(URI address) {
        return files;
    }

    @Override
    public Path getPath(URI address) {
        return files.wrap(Path.of(address));
    }
}
