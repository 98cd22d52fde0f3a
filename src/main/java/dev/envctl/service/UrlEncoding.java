package dev.envctl.service;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Percent-encoding of the parts of a URL (RFC 3986): everything but unreserved characters. */
final class UrlEncoding {
    private static final String UNRESERVED = "-._~";

    private UrlEncoding() {}

    static String encode(String part) {
        var encoded = new StringBuilder();
        for (var octet : part.getBytes(UTF_8)) {
            var character = (char) (octet & 0xff);
            if (character < 128 && (Character.isLetterOrDigit(character) || UNRESERVED.indexOf(character) >= 0)) {
                encoded.append(character);
            } else {
                encoded.append('%').append("%02X".formatted(octet & 0xff));
            }
        }
        return encoded.toString();
    }
}
