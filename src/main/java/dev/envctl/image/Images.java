package dev.envctl.image;

import dev.envctl.CacheDirectory;
import dev.envctl.process.Programs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Everything this machine can do with images, put together. Cheap to make: no request is sent and no file read. */
public final class Images {
    private final Offline offline;
    private final CacheDirectory cache;
    private final Path directory;
    private final ImageSource source;
    private final LockImages lockImages;
    private final ListImages listImages;
    private final VerifyImages verifyImages;
    private final SaveImages saveImages;
    private final LoadImages loadImages;

    /**
     * @param recipes the program {@code scripts/images/build} of the project; need not be there
     * @param environment the process environment: proxies, and where credentials are
     * @param home the user's home directory
     */
    public Images(CacheDirectory cache, Path recipes, Programs programs, Map<String, String> environment, Path home) {
        this(
                cache,
                recipes,
                programs,
                new Registry(environment, new CredentialFiles(environment, home, programs)),
                new Offline(environment),
                Platform.ofThisMachine());
    }

    Images(
            CacheDirectory cache,
            Path script,
            Programs programs,
            Registry registry,
            Offline offline,
            Platform platform) {
        this.cache = cache;
        this.offline = offline;
        this.directory = cache.path().resolve("archives");
        var choice = new PlatformChoice(platform);
        var verified = new VerifiedArchives(directory);
        var archives = new ImageArchives(directory, registry, choice, verified);
        var recipes = new Recipes(script, cache, programs);
        var standIns = new StandIns(new MachineLock(cache.path().resolve("images.lock")), recipes, verified, platform);
        this.source = new ImageSource(archives, standIns, recipes, registry, offline);
        this.lockImages = new LockImages(new TagResolver(registry));
        this.listImages = new ListImages(archives, standIns, platform);
        this.verifyImages = new VerifyImages(archives, standIns);
        this.saveImages = new SaveImages(archives, standIns);
        this.loadImages = new LoadImages(archives, standIns, choice);
    }

    /**
     * Adds mirrors, to be asked before those that an environment names already.
     *
     * @param mirrors as {@code --mirror} takes them
     * @param environment the process environment, changed
     */
    public static void askFirst(List<String> mirrors, Map<String, String> environment) {
        var all = new ArrayList<>(mirrors);
        all.add(environment.getOrDefault(Mirrors.VARIABLE, ""));
        environment.put(Mirrors.VARIABLE, String.join(",", all));
    }

    /** Whether nobody on the network may be asked. */
    public boolean offline() {
        return offline.asked();
    }

    /** Lets nobody on the network be asked. */
    public static void goOffline(Map<String, String> environment) {
        environment.put(Offline.VARIABLE, "1");
    }

    /** The folders and files to keep, so that these images are there next time. */
    public List<Path> folders(List<WarmedImage> images) {
        var folders = new LinkedHashSet<>(List.of(directory));
        for (var image : images) {
            if (image.archive().standIn()) {
                folders.add(cache.path().resolve("images.lock"));
                folders.add(image.archive().path().resolveSibling(""));
            }
        }
        return List.copyOf(folders);
    }

    /** What {@code up} and {@code setup} call. */
    public ImageSource source() {
        return source;
    }

    /** {@code envctl images lock}. */
    public LockImages locking() {
        return lockImages;
    }

    /** {@code envctl images save}. */
    public SaveImages saving() {
        return saveImages;
    }

    /** {@code envctl images load}. */
    public LoadImages loading() {
        return loadImages;
    }

    /** {@code envctl images list}. */
    public ListImages listing() {
        return listImages;
    }

    /** {@code envctl images verify}. */
    public VerifyImages verification() {
        return verifyImages;
    }
}
