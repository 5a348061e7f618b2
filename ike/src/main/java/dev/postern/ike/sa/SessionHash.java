package dev.postern.ike.sa;

import dev.postern.crypto.Hash;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.WireWriter;

import org.jspecify.annotations.Nullable;

/// SH, which binds a resumption secret to the whole exchange that made it (failover profile,
/// "Keys"), so that two IKE SAs that were made to share SK_d do not share RS. SHA-384. Fields of
/// variable length are preceded by their length in four octets; absent ones by zero.
public final class SessionHash {
    private static final byte[] FIRST = ResumptionSecret.ascii("IKEv2 failover SH");
    private static final byte[] RESUMED = ResumptionSecret.ascii("IKEv2 failover SH resume");

    private SessionHash() {}

    /// @param initRequest the IKE_SA_INIT request that was answered, with its header
    /// @param idI body of the IDi payload
    /// @param intAuth as in RFC 9242, empty where there was no IKE_INTERMEDIATE
    public static Octets first(
            byte[] initRequest, byte[] initResponse, byte[] idI, byte[] idR, byte[] intAuth) {
        WireWriter writer =
                new WireWriter(
                        FIRST.length
                                + initRequest.length
                                + initResponse.length
                                + idI.length
                                + idR.length
                                + intAuth.length
                                + 20);
        writer.octets(FIRST);
        for (byte[] field : new byte[][] {initRequest, initResponse, idI, idR, intAuth}) {
            variable(writer, field);
        }
        return Octets.of(Hash.SHA_384.digest(writer.finish()));
    }

    /// The fields of a resume that enter its hash.
    ///
    /// @param keI KEi, or null where there was none
    /// @param idI body of the IDi payload
    public record Resume(
            long spiI,
            long spiR,
            int gatewaySwitchCount,
            byte[] ni,
            byte[] nr,
            Payload.@Nullable KeyExchange keI,
            Payload.@Nullable KeyExchange keR,
            byte[] idI,
            byte[] idR) {}

    public static Octets resumed(Octets old, Resume resume) {
        WireWriter writer = new WireWriter(512);
        writer.octets(RESUMED).octets(old).i64(resume.spiI()).i64(resume.spiR());
        writer.u8(resume.gatewaySwitchCount()).octets(resume.ni()).octets(resume.nr());
        variable(writer, body(resume.keI()));
        variable(writer, body(resume.keR()));
        variable(writer, resume.idI());
        variable(writer, resume.idR());
        return Octets.of(Hash.SHA_384.digest(writer.toArray()));
    }

    private static byte @Nullable [] body(Payload.@Nullable KeyExchange ke) {
        return ke == null
                ? null
                : new WireWriter(4 + ke.data().length())
                        .u16(ke.method())
                        .u16(0)
                        .octets(ke.data())
                        .finish();
    }

    private static void variable(WireWriter writer, byte @Nullable [] field) {
        if (field == null) {
            writer.i32(0);
        } else {
            writer.i32(field.length).octets(field);
        }
    }
}
