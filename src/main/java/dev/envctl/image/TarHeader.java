package dev.envctl.image;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A header of a tar, 512 bytes as POSIX.1-1988 and GNU have them.
 *
 * @param name as it is written there
 * @param kind the type flag
 * @param size of the content, in bytes, unless an extended header before it says another; negative where it is no number
 * @param isWhole whether its check sum is right: no other file has that by chance
 */
record TarHeader(String name, char kind, long size, boolean isWhole) {
    static final int BLOCK = 512;
    private static final int SUM = 148;

    boolean isFile() {
        return kind == '0' || kind == 0;
    }

    static TarHeader parse(byte[] block) {
        var sum = 0;
        for (var index = 0; index < BLOCK; index++) {
            sum += index >= SUM && index < SUM + 8 ? ' ' : block[index] & 0xff;
        }
        return new TarHeader(name(block), (char) block[156], size(block, 124, 12), number(block, SUM, 8) == sum);
    }

    private static String name(byte[] block) {
        // GNU's own format has a blank after the magic, and times where POSIX has the prefix.
        var isPosix = text(block, 257, 6).equals("ustar");
        var prefix = isPosix ? text(block, 345, 155) : "";
        var name = text(block, 0, 100);
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    /** From 8 GB on GNU and star write a binary number, and say so in the highest bit. */
    private static long size(byte[] block, int start, int length) {
        if ((block[start] & 0xff) != 0x80) {
            return number(block, start, length);
        }
        var value = new BigInteger(1, Arrays.copyOfRange(block, start + 1, start + length));
        return value.bitLength() < Long.SIZE ? value.longValue() : -1;
    }

    private static long number(byte[] block, int start, int length) {
        var text = text(block, start, length).strip();
        return text.matches("[0-7]{1,12}") ? Long.parseLong(text, 8) : -1;
    }

    private static String text(byte[] block, int start, int length) {
        var end = start;
        while (end < start + length && block[end] != 0) {
            end++;
        }
        return new String(block, start, end - start, StandardCharsets.UTF_8);
    }
}
