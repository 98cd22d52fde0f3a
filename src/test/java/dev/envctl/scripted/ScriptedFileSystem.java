package dev.envctl.scripted;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The real files as one process sees them, whose changes are steps of its life. */
final class ScriptedFileSystem extends FileSystem {
    /** A path of a scripted file system. */
    interface Scripted {
        Path real();
    }

    private final FileSystem real = FileSystems.getDefault();
    private final ScriptedProvider provider;

    ScriptedFileSystem(Life life) {
        this.provider = new ScriptedProvider(this, life);
    }

    static Path real(Path path) {
        return path instanceof Scripted scripted ? scripted.real() : path;
    }

    Path wrap(Path path) {
        return path instanceof Scripted
                ? path
                : (Path) Proxy.newProxyInstance(
                        ScriptedFileSystem.class.getClassLoader(),
                        new Class<?>[] {Path.class, Scripted.class},
                        new Wrapper(path));
    }

    /** Asks the real path and wraps what is a path again. */
    private final class Wrapper implements InvocationHandler {
        private final Path path;

        Wrapper(Path path) {
            this.path = path;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            var given = arguments == null ? new Object[0] : arguments.clone();
            return switch (method.getName()) {
                case "real" -> path;
                case "getFileSystem" -> ScriptedFileSystem.this;
                case "equals" ->
                    given[0] instanceof Scripted other && other.real().equals(path);
                default -> ask(method, given);
            };
        }

        private @Nullable Object ask(Method method, Object[] given) throws Throwable {
            for (var i = 0; i < given.length; i++) {
                if (given[i] instanceof Path one) {
                    given[i] = real(one);
                }
            }
            try {
                var result = method.invoke(path, given);
                return result instanceof Path one ? wrap(one) : result;
            } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
            }
        }
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    @Override
    public void close() {}

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return real.getSeparator();
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return real.getRootDirectories();
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return real.getFileStores();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return real.supportedFileAttributeViews();
    }

    @Override
    public Path getPath(String first, String... more) {
        return wrap(real.getPath(first, more));
    }

    @Override
    public PathMatcher getPathMatcher(String pattern) {
        return real.getPathMatcher(pattern);
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        return real.getUserPrincipalLookupService();
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException("nothing is watched here");
    }
}
