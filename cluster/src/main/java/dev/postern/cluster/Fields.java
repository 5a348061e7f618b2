package dev.postern.cluster;

import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;
import dev.postern.wire.WireReader;
import dev.postern.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// A record that the members of a cluster share, while their versions differ: version (1), then
/// fields, each type (2) | length (2) | value. A reader passes over the types that it does not know
/// and whoever writes the record again keeps them. Immutable.
public final class Fields {
    public static final int VERSION = 1;
    private static final int MAXIMUM_LENGTH = 0xffff;
    private static final Fields EMPTY = new Fields(VERSION, new TreeMap<>());

    private final int version;
    private final Map<Integer, Octets> values;

    private Fields(int version, Map<Integer, Octets> values) {
        this.version = version;
        this.values = values;
    }

    public static Fields empty() {
        return EMPTY;
    }

    /// These fields and one more, in the place of an earlier one of its type.
    ///
    /// @throws IllegalArgumentException where the value is too long for a field
    public Fields with(int type, Octets value) {
        if (value.length() > MAXIMUM_LENGTH || type >>> 16 != 0) {
            throw new IllegalArgumentException(
                    "a field of type " + type + " with " + value.length() + " octets");
        }
        Map<Integer, Octets> more = new TreeMap<>(values);
        more.put(type, value);
        return new Fields(version, more);
    }

    public Fields with(int type, long value) {
        return with(type, Octets.ofLong(value));
    }

    public Fields with(int type, String value) {
        return with(type, Octets.of(value.getBytes(StandardCharsets.UTF_8)));
    }

    /// The value of a field, or null.
    public @Nullable Octets octets(int type) {
        return values.get(type);
    }

    /// The value of a number, or this one where it is missing or none.
    public long number(int type, long otherwise) {
        Octets value = values.get(type);
        return value == null || value.length() != Long.BYTES ? otherwise : value.toLong(0);
    }

    /// The value of a text; empty where it is missing.
    public String text(int type) {
        Octets value = values.get(type);
        return value == null ? "" : new String(value.array(), StandardCharsets.UTF_8);
    }

    public byte[] encode() {
        WireWriter writer = new WireWriter().u8(version);
        for (Map.Entry<Integer, Octets> field : values.entrySet()) {
            writer.u16(field.getKey()).u16(field.getValue().length()).octets(field.getValue());
        }
        return writer.finish();
    }

    /// Null for octets that are no record.
    public static @Nullable Fields decode(byte[] octets) {
        try {
            WireReader reader = new WireReader(octets);
            int version = reader.u8("version");
            Map<Integer, Octets> values = new TreeMap<>();
            while (!reader.isAtEnd()) {
                int type = reader.u16("type of a field");
                values.put(type, reader.octets(reader.u16("length of a field"), "field"));
            }
            return version == 0 ? null : new Fields(version, values);
        } catch (MalformedException damaged) {
            return null;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Fields fields
                && fields.version == version
                && fields.values.equals(values);
    }

    @Override
    public int hashCode() {
        return 31 * version + values.hashCode();
    }

    /// Types and lengths alone: a value may be a secret.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Fields[version " + version);
        values.forEach((type, value) ->
                text.append(", ").append(type).append(": ").append(value.length()));
        return text.append(']').toString();
    }
}
