package dev.envctl.machine;

import java.util.List;
import java.util.Optional;

/** A piece of software that distributions package: how it is called there, and how to see that it is installed. */
enum Component {
    PODMAN("podman"),
    RUNTIME("runc"),
    NETAVARK("netavark"),
    AARDVARK("aardvark-dns"),
    FIREWALL("iptables"),
    IP("iproute2"),
    CNI_PLUGINS("containernetworking-plugins"),
    USER_MAPS("uidmap"),
    CATATONIT("catatonit"),
    SKOPEO("skopeo"),
    BUILDAH("buildah"),
    MMDEBSTRAP("mmdebstrap"),
    REGISTRY("docker-registry"),
    GO("golang-go");

    /** What Podman cannot start a container with published ports without. */
    static final List<Component> FOR_PODMAN = List.of(RUNTIME, NETAVARK, AARDVARK, FIREWALL);

    /** What some uses of Podman need. */
    static final List<Component> BESIDE_PODMAN = List.of(IP, CNI_PLUGINS, USER_MAPS, CATATONIT);

    static final List<Component> FOR_STAND_INS = List.of(SKOPEO, BUILDAH, MMDEBSTRAP, REGISTRY);

    private final String debian;

    Component(String debian) {
        this.debian = debian;
    }

    /** Its name on Debian, which is also how it is spoken of. */
    String debian() {
        return debian;
    }

    boolean isIn(Installed installed) {
        return switch (this) {
            case RUNTIME ->
                installed.program("runc").isPresent()
                        || installed.program("crun").isPresent();
            case NETAVARK, AARDVARK, CATATONIT ->
                installed.helper(debian).isPresent()
                        || installed.in(debian, "/usr/libexec/catatonit").isPresent();
            case FIREWALL ->
                installed.program("iptables").isPresent()
                        || installed.program("nft").isPresent();
            case IP -> installed.program("ip").isPresent();
            case CNI_PLUGINS ->
                installed
                        .in(
                                "bridge",
                                "/usr/lib/cni",
                                "/opt/cni/bin",
                                "/usr/libexec/cni",
                                "/usr/lib64/cni",
                                "/usr/local/lib/cni",
                                "/usr/local/libexec/cni")
                        .isPresent();
            case USER_MAPS -> installed.program("newuidmap").isPresent();
            case GO -> installed.program("go").isPresent();
            case PODMAN, SKOPEO, BUILDAH, MMDEBSTRAP, REGISTRY ->
                installed.program(debian).isPresent();
        };
    }

    /** The package that holds it; empty where that distribution has none, or it comes with the system. */
    Optional<String> packageFor(PackageManager manager) {
        return switch (manager) {
            case APT -> Optional.of(debian);
            case BREW ->
                switch (this) {
                    case PODMAN, SKOPEO -> Optional.of(debian);
                    case GO -> Optional.of("go");
                    default -> Optional.empty();
                };
            case DNF ->
                switch (this) {
                    case FIREWALL -> Optional.of("iptables-nft");
                    case IP -> Optional.of("iproute");
                    case USER_MAPS -> Optional.of("shadow-utils");
                    case GO -> Optional.of("golang");
                    case MMDEBSTRAP, REGISTRY -> Optional.empty();
                    default -> Optional.of(debian);
                };
            case PACMAN, ZYPPER, APK ->
                switch (this) {
                    case CNI_PLUGINS -> Optional.of("cni-plugins");
                    case USER_MAPS -> Optional.of(manager == PackageManager.APK ? "shadow-uidmap" : "shadow");
                    case GO -> Optional.of("go");
                    case MMDEBSTRAP, REGISTRY -> Optional.empty();
                    default -> Optional.of(debian);
                };
            case NONE -> Optional.empty();
        };
    }
}
