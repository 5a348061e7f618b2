package dev.postern.gateway.daemon;

import dev.postern.cluster.Fields;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What a member tells the others of itself, so that they can vouch for it.
///
/// @param identity its IDr
/// @param gateways where clients reach it
/// @param key thumbprint of the key that it signs vouchers with
/// @param certificate SHA-256 of the certificate that clients know it by; empty for none
record Introduction(
        Identity identity, List<GatewayList.Entry> gateways, Octets key, Octets certificate) {
    private static final int IDENTITY_TYPE = 1;
    private static final int IDENTITY = 2;
    private static final int GATEWAYS = 3;
    private static final int KEY = 4;
    private static final int CERTIFICATE = 5;

    Introduction {
        gateways = List.copyOf(gateways);
    }

    byte[] encode() {
        return Fields.empty()
                .with(IDENTITY_TYPE, identity.type())
                .with(IDENTITY, identity.data())
                .with(GATEWAYS, GatewayList.encode(gateways))
                .with(KEY, key)
                .with(CERTIFICATE, certificate)
                .encode();
    }

    /// Null where it is none that we understand.
    static @Nullable Introduction decode(byte[] octets) {
        Fields fields = Fields.decode(octets);
        if (fields == null) {
            return null;
        }
        try {
            Octets identity = fields.octets(IDENTITY);
            Octets gateways = fields.octets(GATEWAYS);
            Octets key = fields.octets(KEY);
            Octets certificate = fields.octets(CERTIFICATE);
            return identity == null || gateways == null || key == null || certificate == null
                    ? null
                    : new Introduction(
                            new Identity((int) fields.number(IDENTITY_TYPE, 0), identity),
                            GatewayList.decode(gateways),
                            key,
                            certificate);
        } catch (MalformedException | IllegalArgumentException malformed) {
            return null;
        }
    }
}
