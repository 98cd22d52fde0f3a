package dev.envctl.image;

import dev.envctl.CacheDirectory;
import dev.envctl.process.Programs;
import java.nio.file.Path;
import java.util.Map;

/** Everything this machine can do with images, put together. Cheap to make: no request is sent and no file read. */
public final class Images {
    private final ImageSource source;
    private final LockImages lockImages;
    private final ListImages listImages;
    private final VerifyImages verifyImages;

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
        var directory = cache.path().resolve("archives");
        var verified = new VerifiedArchives(directory);
        var archives = new ImageArchives(directory, registry, new PlatformChoice(platform), verified);
        var recipes = new Recipes(script, cache, programs);
        var standIns = new StandIns(new MachineLock(cache.path().resolve("images.lock")), recipes, verified, platform);
        this.source = new ImageSource(archives, standIns, recipes, registry, offline);
        this.lockImages = new LockImages(new TagResolver(registry));
        this.listImages = new ListImages(archives, standIns, platform);
        this.verifyImages = new VerifyImages(archives, standIns);
    }

    /** What {@code up} and {@code setup} call. */
    public ImageSource source() {
        return source;
    }

    /** {@code envctl images lock}. */
    public LockImages locking() {
        return lockImages;
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
