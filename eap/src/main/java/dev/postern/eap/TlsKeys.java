package dev.postern.eap;

import dev.postern.crypto.SecretBytes;
import dev.postern.wire.EapPacket;

import org.jspecify.annotations.Nullable;

/// The MSK of EAP-TLS: RFC 5216 section 2.3 up to TLS 1.2, RFC 9190 section 2.3 from TLS 1.3 on.
final class TlsKeys {
    private static final String TLS_1_2 = "client EAP encryption";
    private static final String TLS_1_3 = "EXPORTER_EAP_TLS_Key_Material";
    private static final int MATERIAL_LENGTH = 128;
    private static final int MSK_LENGTH = 64;

    private TlsKeys() {}

    /// Why there is no key, for people.
    static final String NO_KEY =
            "TLS 1.2 without an extended master secret (RFC 7627) makes no key: the other end must"
                    + " speak that or TLS 1.3";

    /// The key, or null where the connection makes none.
    static @Nullable SecretBytes masterSessionKey(TlsEngine engine) {
        byte[] type = {EapPacket.TLS};
        try (SecretBytes material =
                engine.isTls13()
                        ? engine.export(TLS_1_3, type, MATERIAL_LENGTH)
                        : engine.export(TLS_1_2, null, MATERIAL_LENGTH)) {
            return material == null ? null : material.slice(0, MSK_LENGTH);
        }
    }
}
