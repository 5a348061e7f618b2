package dev.postern.wire;

import java.util.Arrays;

/// Reads big-endian fields from a bounded run of octets. Narrows: a sub-reader never sees beyond
/// its own length. Every read that would is [Malformation#TRUNCATED].
public final class WireReader {
    private final byte[] octets;
    private final int limit;
    private int position;

    public WireReader(byte[] octets) {
        this(octets, 0, octets.length);
    }

    public WireReader(byte[] octets, int offset, int length) {
        this.octets = octets;
        this.position = offset;
        this.limit = offset + length;
    }

    public WireReader(Octets octets) {
        this(octets.array());
    }

    public int position() {
        return position;
    }

    public int remaining() {
        return limit - position;
    }

    public boolean isAtEnd() {
        return position == limit;
    }

    public int u8(String what) throws MalformedException {
        need(1, what);
        return octets[position++] & 0xff;
    }

    public int u16(String what) throws MalformedException {
        need(2, what);
        int value = (octets[position] & 0xff) << 8 | (octets[position + 1] & 0xff);
        position += 2;
        return value;
    }

    public int i32(String what) throws MalformedException {
        need(4, what);
        int value =
                (octets[position] & 0xff) << 24
                        | (octets[position + 1] & 0xff) << 16
                        | (octets[position + 2] & 0xff) << 8
                        | (octets[position + 3] & 0xff);
        position += 4;
        return value;
    }

    public long i64(String what) throws MalformedException {
        long high = i32(what) & 0xffffffffL;
        return high << 32 | (i32(what) & 0xffffffffL);
    }

    public void skip(int count, String what) throws MalformedException {
        need(count, what);
        position += count;
    }

    /// A copy of the next `count` octets.
    public Octets octets(int count, String what) throws MalformedException {
        need(count, what);
        byte[] copy = Arrays.copyOfRange(octets, position, position + count);
        position += count;
        return Octets.of(copy);
    }

    /// A copy of all that is left.
    public Octets rest() {
        byte[] copy = Arrays.copyOfRange(octets, position, limit);
        position = limit;
        return Octets.of(copy);
    }

    /// A reader over the next `count` octets alone; this one goes on behind them.
    public WireReader narrow(int count, String what) throws MalformedException {
        if (count > remaining()) {
            throw new MalformedException(Malformation.LENGTH_TOO_LARGE, what);
        }
        need(count, what);
        WireReader part = new WireReader(octets, position, count);
        position += count;
        return part;
    }

    /// Refuses octets left over.
    public void end(String what) throws MalformedException {
        if (!isAtEnd()) {
            throw new MalformedException(Malformation.TRAILING_OCTETS, what);
        }
    }

    private void need(int count, String what) throws MalformedException {
        if (count < 0 || count > remaining()) {
            throw new MalformedException(Malformation.TRUNCATED, what);
        }
    }
}
