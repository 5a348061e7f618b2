package dev.postern.wire;

import java.util.Arrays;

/// Writes big-endian fields into a growing array. A length field is reserved first and set once its
/// end is known.
public final class WireWriter {
    private byte[] octets;
    private int position;

    public WireWriter() {
        this(512);
    }

    public WireWriter(int expectedLength) {
        this.octets = new byte[expectedLength];
    }

    public int position() {
        return position;
    }

    public WireWriter u8(int value) {
        room(1);
        octets[position++] = (byte) value;
        return this;
    }

    public WireWriter u16(int value) {
        room(2);
        octets[position++] = (byte) (value >>> 8);
        octets[position++] = (byte) value;
        return this;
    }

    public WireWriter i32(int value) {
        return u16(value >>> 16).u16(value);
    }

    public WireWriter i64(long value) {
        return i32((int) (value >>> 32)).i32((int) value);
    }

    public WireWriter octets(Octets value) {
        return octets(value.array());
    }

    public WireWriter octets(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, octets, position, value.length);
        position += value.length;
        return this;
    }

    public WireWriter zeros(int count) {
        room(count);
        position += count;
        return this;
    }

    /// Overwrites one octet written before.
    public void setU8(int at, int value) {
        octets[at] = (byte) value;
    }

    /// Overwrites two octets written before: a length or a count.
    ///
    /// @throws IllegalArgumentException where the value does not fit, which is a caller's mistake
    public void setU16(int at, int value) {
        if (value >>> 16 != 0) {
            throw new IllegalArgumentException("a 16-bit length field cannot hold " + value);
        }
        octets[at] = (byte) (value >>> 8);
        octets[at + 1] = (byte) value;
    }

    public void setI32(int at, int value) {
        setU16(at, value >>> 16);
        setU16(at + 2, value & 0xffff);
    }

    public byte[] toArray() {
        return Arrays.copyOf(octets, position);
    }

    /// The array itself where it is exactly full, else a copy.
    public byte[] finish() {
        return position == octets.length ? octets : toArray();
    }

    /// Wipes what was written, for it was a secret. What [#toArray] has returned stays.
    public void wipe() {
        Arrays.fill(octets, 0, position, (byte) 0);
        position = 0;
    }

    /// What was written, for it is a secret: its only copy, which is the caller's to wipe.
    public byte[] finishSecret() {
        byte[] secret = toArray();
        wipe();
        return secret;
    }

    private void room(int count) {
        if (position + count > octets.length) {
            byte[] wider = Arrays.copyOf(octets, Math.max(octets.length * 2, position + count));
            // Nobody could wipe the narrow one later.
            Arrays.fill(octets, 0, position, (byte) 0);
            octets = wider;
        }
    }
}
