package dev.postern.wire;

import org.jspecify.annotations.Nullable;

/// The data of N(REDIRECT), RFC 5685 section 9.2: one gateway as in [GatewayList], and in an answer
/// to IKE_SA_INIT the nonce of the request.
///
/// @param gateway null where its type is not known
/// @param nonce empty everywhere but in an answer to IKE_SA_INIT
public record Redirect(GatewayList.@Nullable Entry gateway, Octets nonce) {
    /// Under SK, where no nonce belongs.
    public static Redirect to(GatewayList.Entry gateway) {
        return new Redirect(gateway, Octets.EMPTY);
    }

    public Octets encode() {
        WireWriter writer = new WireWriter(64);
        if (gateway == null) {
            throw new IllegalStateException("nobody is redirected to a gateway without a name");
        }
        GatewayList.encodeEntry(writer, gateway);
        return Octets.of(writer.octets(nonce).finish());
    }

    public static Redirect decode(Octets data) throws MalformedException {
        WireReader reader = new WireReader(data);
        GatewayList.Entry gateway = GatewayList.decodeEntry(reader);
        return new Redirect(gateway, reader.rest());
    }

    /// The data of N(REDIRECTED_FROM), section 9.3: the address of the gateway that the client was
    /// sent away by.
    public static Octets encodeFrom(Octets address) {
        WireWriter writer = new WireWriter(18);
        GatewayList.encodeEntry(writer, new GatewayList.Address(address, 0));
        return Octets.of(writer.finish());
    }

    /// The address in N(REDIRECTED_FROM), 4 or 16 octets.
    public static Octets decodeFrom(Octets data) throws MalformedException {
        WireReader reader = new WireReader(data);
        GatewayList.Entry gateway = GatewayList.decodeEntry(reader);
        reader.end("REDIRECTED_FROM");
        if (gateway instanceof GatewayList.Address(Octets address, int port) && port == 0) {
            return address;
        }
        throw new MalformedException(Malformation.FIELD, "REDIRECTED_FROM without an address");
    }
}
