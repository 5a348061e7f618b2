package dev.postern.wire;

import org.jspecify.annotations.Nullable;

/// The data of N(GATEWAY_SWITCH), failover profile, "Numbers": why a client is to go, and to which
/// gateway, one entry as in [GatewayList].
///
/// @param reason null where its code is not known
/// @param gateway null where its type is not known
public record GatewaySwitch(@Nullable Reason reason, GatewayList.@Nullable Entry gateway) {

    /// Why a client is to go.
    public enum Reason {
        /// The gateway is lost, and its standby speaks.
        FAILURE(1),
        /// The gateway is being emptied.
        DRAIN(2),
        /// The gateway has too much to do.
        LOAD(3);

        private final int code;

        Reason(int code) {
            this.code = code;
        }

        private static @Nullable Reason of(int code) {
            for (Reason reason : values()) {
                if (reason.code == code) {
                    return reason;
                }
            }
            return null;
        }
    }

    public Octets encode() {
        if (reason == null || gateway == null) {
            throw new IllegalStateException("nobody is sent nowhere, and for no reason");
        }
        WireWriter writer = new WireWriter(32).u8(reason.code);
        GatewayList.encodeEntry(writer, gateway);
        return Octets.of(writer.finish());
    }

    public static GatewaySwitch decode(Octets data) throws MalformedException {
        WireReader reader = new WireReader(data);
        Reason reason = Reason.of(reader.u8("reason of a switch"));
        GatewayList.Entry gateway = GatewayList.decodeEntry(reader);
        reader.end("GATEWAY_SWITCH");
        return new GatewaySwitch(reason, gateway);
    }
}
