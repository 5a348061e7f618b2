package dev.postern.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// An immutable run of octets that compares by content. For public wire data; secrets have a type
/// of their own.
public final class Octets {
    public static final Octets EMPTY = new Octets(new byte[0]);

    private final byte[] octets;

    private Octets(byte[] octets) {
        this.octets = octets;
    }

    /// Wraps `octets` without a copy: the caller must not change them any more.
    public static Octets of(byte[] octets) {
        return octets.length == 0 ? EMPTY : new Octets(octets);
    }

    public static Octets ofHex(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }

    public static Octets ofAscii(String text) {
        return of(text.getBytes(StandardCharsets.US_ASCII));
    }

    /// The 8 octets of an IKE SPI, big endian.
    public static Octets ofLong(long value) {
        byte[] octets = new byte[8];
        for (int i = 0; i < 8; i++) {
            octets[i] = (byte) (value >>> (56 - 8 * i));
        }
        return of(octets);
    }

    /// The 4 octets of an ESP SPI, big endian.
    public static Octets ofInt(int value) {
        return of(
                new byte[] {
                    (byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value
                });
    }

    public int length() {
        return octets.length;
    }

    public boolean isEmpty() {
        return octets.length == 0;
    }

    /// The octet at `index`, 0 to 255.
    public int at(int index) {
        return octets[index] & 0xff;
    }

    /// The octets themselves, for reading only.
    public byte[] array() {
        return octets;
    }

    /// Big-endian value of the first four octets.
    public int toInt() {
        return at(0) << 24 | at(1) << 16 | at(2) << 8 | at(3);
    }

    /// Big-endian value of eight octets from `offset` on.
    public long toLong(int offset) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | at(offset + i);
        }
        return value;
    }

    public Octets slice(int from, int to) {
        return of(Arrays.copyOfRange(octets, from, to));
    }

    public String hex() {
        return HexFormat.of().formatHex(octets);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return octets.length <= 64
                ? hex()
                : HexFormat.of().formatHex(octets, 0, 24) + "... (" + octets.length + " octets)";
    }
}
