package dev.postern.radius;

import dev.postern.wire.Malformation;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;
import dev.postern.wire.WireReader;
import dev.postern.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Attributes in their order. A typed look at one that has another length than its type wants finds
/// nothing: whoever asks goes on without it, as RFC 2865 section 5 has a client do with what it
/// does not understand.
public record Attributes(List<Attribute> list) {
    public static final Attributes NONE = new Attributes(List.of());

    private static final int HEADER = 2;

    public Attributes {
        list = List.copyOf(list);
    }

    /// Reads type, length, value to the end of the reader.
    static Attributes read(WireReader reader) throws MalformedException {
        List<Attribute> read = new ArrayList<>();
        while (!reader.isAtEnd()) {
            int type = reader.u8("attribute type");
            int length = reader.u8("attribute length");
            if (length < HEADER) {
                throw new MalformedException(
                        Malformation.LENGTH_TOO_SMALL, "attribute " + type + " of " + length);
            }
            if (length - HEADER > reader.remaining()) {
                throw new MalformedException(
                        Malformation.LENGTH_TOO_LARGE, "attribute " + type + " of " + length);
            }
            if (type == 0) {
                throw new MalformedException(Malformation.FIELD, "attribute type 0");
            }
            read.add(new Attribute(type, reader.octets(length - HEADER, "attribute value")));
        }
        return new Attributes(read);
    }

    /// The attributes of a session, each raw as [Attribute#raw] made it; one that is not is left
    /// out.
    public static Attributes ofRaw(List<Octets> raw) {
        List<Attribute> read = new ArrayList<>();
        for (Octets each : raw) {
            try {
                read.addAll(read(new WireReader(each)).list());
            } catch (MalformedException _) {
                // A newer member of the domain may keep something else here.
            }
        }
        return new Attributes(read);
    }

    public List<Octets> raw() {
        return list.stream().map(Attribute::raw).toList();
    }

    void write(WireWriter writer) {
        for (Attribute attribute : list) {
            writer.u8(attribute.type()).u8(attribute.length()).octets(attribute.value());
        }
    }

    public @Nullable Octets first(int type) {
        for (Attribute attribute : list) {
            if (attribute.type() == type) {
                return attribute.value();
            }
        }
        return null;
    }

    public List<Octets> all(int type) {
        return list.stream().filter(each -> each.type() == type).map(Attribute::value).toList();
    }

    public boolean has(int type) {
        return first(type) != null;
    }

    /// The values of all attributes of the type, one behind the other; null where there is none.
    public @Nullable Octets joined(int type) {
        List<Octets> parts = all(type);
        if (parts.isEmpty()) {
            return null;
        }
        WireWriter writer = new WireWriter();
        parts.forEach(writer::octets);
        return Octets.of(writer.toArray());
    }

    public @Nullable String text(int type) {
        Octets value = first(type);
        return value == null ? null : new String(value.array(), StandardCharsets.UTF_8);
    }

    /// An unsigned integer of 32 bits, or -1 where there is none.
    public long integer(int type) {
        Octets value = first(type);
        return value == null || value.length() != 4 ? -1 : value.toInt() & 0xffffffffL;
    }

    /// An address of `length` octets, 4 or 16.
    public @Nullable InetAddress address(int type, int length) {
        Octets value = first(type);
        return value == null ? null : address(value, length);
    }

    static @Nullable InetAddress address(Octets value, int length) {
        if (value.length() != length) {
            return null;
        }
        try {
            return InetAddress.getByAddress(value.array());
        } catch (UnknownHostException otherLength) {
            return null;
        }
    }

    /// The values of a vendor's attributes of the type.
    public List<Octets> vendor(int vendor, int type) {
        return list.stream()
                .flatMap(each -> VendorAttribute.in(each).stream())
                .filter(each -> each.vendor() == vendor && each.type() == type)
                .map(VendorAttribute::value)
                .toList();
    }

    /// These and then those.
    public Attributes with(List<Attribute> more) {
        List<Attribute> all = new ArrayList<>(list);
        all.addAll(more);
        return new Attributes(all);
    }
}
