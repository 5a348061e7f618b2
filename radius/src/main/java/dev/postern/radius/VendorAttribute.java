package dev.postern.radius;

import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;
import dev.postern.wire.WireReader;
import dev.postern.wire.WireWriter;

import java.util.ArrayList;
import java.util.List;

/// One attribute of a vendor inside Vendor-Specific, in the form that RFC 2865 section 5.26
/// recommends.
public record VendorAttribute(int vendor, int type, Octets value) {
    public static final int MICROSOFT = 311;
    public static final int MS_MPPE_SEND_KEY = 16;
    public static final int MS_MPPE_RECV_KEY = 17;
    public static final int MS_PRIMARY_DNS_SERVER = 28;
    public static final int MS_SECONDARY_DNS_SERVER = 29;

    private static final int SHORTEST = 2;

    /// The vendor's attributes in one Vendor-Specific; empty where its value has another form,
    /// which a vendor is free to use.
    static List<VendorAttribute> in(Attribute attribute) {
        if (attribute.type() != Attribute.VENDOR_SPECIFIC) {
            return List.of();
        }
        List<VendorAttribute> found = new ArrayList<>();
        try {
            WireReader reader = new WireReader(attribute.value());
            int vendor = reader.i32("Vendor-Id");
            while (!reader.isAtEnd()) {
                int type = reader.u8("Vendor-Type");
                int length = reader.u8("Vendor-Length");
                if (length < SHORTEST) {
                    return List.of();
                }
                found.add(
                        new VendorAttribute(
                                vendor,
                                type,
                                reader.octets(length - SHORTEST, "the vendor's value")));
            }
            return found;
        } catch (MalformedException otherForm) {
            return List.of();
        }
    }

    /// The Vendor-Specific attribute with this one alone.
    public Attribute wrapped() {
        return new Attribute(
                Attribute.VENDOR_SPECIFIC,
                Octets.of(
                        new WireWriter(4 + SHORTEST + value.length())
                                .i32(vendor)
                                .u8(type)
                                .u8(SHORTEST + value.length())
                                .octets(value)
                                .finish()));
    }

    /// Without the value: it may be a key.
    @Override
    public String toString() {
        return "VendorAttribute[" + vendor + ", " + type + ", " + value.length() + " octets]";
    }
}
