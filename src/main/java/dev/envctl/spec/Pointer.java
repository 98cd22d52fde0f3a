package dev.envctl.spec;

import java.util.Optional;

/** Follows JSON pointers such as {@code /services/postgres/init/0}. */
final class Pointer {
    private Pointer() {}

    static Optional<YamlValue> follow(YamlValue root, String pointer) {
        var here = Optional.of(root);
        for (var token :
                pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1)) {
            var name = token.replace("~1", "/").replace("~0", "~");
            here = here.flatMap(value -> value.isList() ? item(value, name) : value.get(name));
        }
        return here;
    }

    static String parent(String pointer) {
        return pointer.substring(0, Math.max(0, pointer.lastIndexOf('/')));
    }

    private static Optional<YamlValue> item(YamlValue list, String index) {
        var items = list.items();
        var number = Integer.parseInt(index);
        return number < items.size() ? Optional.of(items.get(number)) : Optional.empty();
    }
}
