package dev.postern.wire;

import java.util.List;

/// A payload of a message. Sealed: a switch over it lists what an implementation must handle.
public sealed interface Payload {
    /// The type octet that announces this payload.
    int typeCode();

    /// SA, section 3.3.
    record SecurityAssociation(List<Proposal> proposals) implements Payload {
        public SecurityAssociation {
            proposals = List.copyOf(proposals);
        }

        @Override
        public int typeCode() {
            return PayloadType.SA.code();
        }
    }

    /// KE, section 3.4.
    ///
    /// @param method transform type 4 id
    record KeyExchange(int method, Octets data) implements Payload {
        @Override
        public int typeCode() {
            return PayloadType.KE.code();
        }
    }

    /// IDi, section 3.5.
    record IdInitiator(Identity identity) implements Payload {
        @Override
        public int typeCode() {
            return PayloadType.IDI.code();
        }
    }

    /// IDr, section 3.5.
    record IdResponder(Identity identity) implements Payload {
        @Override
        public int typeCode() {
            return PayloadType.IDR.code();
        }
    }

    /// CERT, section 3.6.
    record Certificate(int encoding, Octets data) implements Payload {
        @Override
        public int typeCode() {
            return PayloadType.CERT.code();
        }
    }

    /// CERTREQ, section 3.7.
    record CertificateRequest(int encoding, Octets authorities) implements Payload {
        @Override
        public int typeCode() {
            return PayloadType.CERTREQ.code();
        }
    }

    /// AUTH, section 3.8.
    record Authentication(int method, Octets data) implements Payload {
        /// RSA Digital Signature, of PKCS#1 version 1.5 with SHA-1.
        public static final int RSA_SIGNATURE = 1;

        /// Shared Key Message Integrity Code.
        public static final int SHARED_KEY = 2;

        /// ECDSA with SHA-256 on P-256, and the two larger pairs (RFC 4754).
        public static final int ECDSA_256 = 9;

        public static final int ECDSA_384 = 10;
        public static final int ECDSA_521 = 11;

        /// Digital Signature, RFC 7427.
        public static final int DIGITAL_SIGNATURE = 14;

        /// How a peer proved itself by EAP, in tickets only (private use); its AUTH is
        /// [#SHARED_KEY] with the key that EAP made.
        public static final int EAP = 201;

        @Override
        public int typeCode() {
            return PayloadType.AUTH.code();
        }
    }

    /// Ni or Nr, section 3.9: 16 to 256 octets.
    record Nonce(Octets data) implements Payload {
        public static final int MINIMUM_LENGTH = 16;
        public static final int MAXIMUM_LENGTH = 256;

        @Override
        public int typeCode() {
            return PayloadType.NONCE.code();
        }
    }

    /// N, section 3.10.
    ///
    /// @param protocol 0 where the notification is about no SA
    /// @param type notify message type, see [NotifyType]
    record Notify(int protocol, Octets spi, int type, Octets data) implements Payload {
        public static Notify of(NotifyType type) {
            return new Notify(0, Octets.EMPTY, type.code(), Octets.EMPTY);
        }

        public static Notify of(NotifyType type, Octets data) {
            return new Notify(0, Octets.EMPTY, type.code(), data);
        }

        public boolean is(NotifyType wanted) {
            return type == wanted.code();
        }

        /// Types below 16384 report errors.
        public boolean isError() {
            return type < NotifyType.FIRST_STATUS;
        }

        @Override
        public int typeCode() {
            return PayloadType.NOTIFY.code();
        }
    }

    /// D, section 3.11: the IKE SA itself (no SPIs), or the sender's inbound ESP SPIs.
    record Delete(int protocol, List<Octets> spis) implements Payload {
        public Delete {
            spis = List.copyOf(spis);
        }

        @Override
        public int typeCode() {
            return PayloadType.DELETE.code();
        }
    }

    /// V, section 3.12.
    record VendorId(Octets data) implements Payload {
        @Override
        public int typeCode() {
            return PayloadType.VENDOR_ID.code();
        }
    }

    /// TSi, section 3.13.
    record TsInitiator(List<TrafficSelector> selectors) implements Payload {
        public TsInitiator {
            selectors = List.copyOf(selectors);
        }

        @Override
        public int typeCode() {
            return PayloadType.TSI.code();
        }
    }

    /// TSr, section 3.13.
    record TsResponder(List<TrafficSelector> selectors) implements Payload {
        public TsResponder {
            selectors = List.copyOf(selectors);
        }

        @Override
        public int typeCode() {
            return PayloadType.TSR.code();
        }
    }

    /// SK, section 3.14: where the protected part lies in the message's octets. Always the last
    /// payload.
    ///
    /// @param firstInner type of the first protected payload
    /// @param bodyOffset offset of the IV in the message
    /// @param bodyLength octets of IV, ciphertext and ICV
    record Encrypted(int firstInner, int bodyOffset, int bodyLength) implements Payload {
        @Override
        public int typeCode() {
            return PayloadType.SK.code();
        }
    }

    /// SKF, RFC 7383 section 2.5. Always the last payload.
    ///
    /// @param firstInner type of the first protected payload; says something in fragment 1 only
    /// @param number 1 to `total`
    /// @param bodyOffset offset of the IV in the message
    /// @param bodyLength octets of IV, ciphertext and ICV
    record EncryptedFragment(int firstInner, int number, int total, int bodyOffset, int bodyLength)
            implements Payload {
        @Override
        public int typeCode() {
            return PayloadType.SKF.code();
        }
    }

    /// CP, section 3.15.
    record Configuration(int kind, List<ConfigurationAttribute> attributes) implements Payload {
        public static final int REQUEST = 1;
        public static final int REPLY = 2;
        public static final int SET = 3;
        public static final int ACK = 4;

        public Configuration {
            attributes = List.copyOf(attributes);
        }

        @Override
        public int typeCode() {
            return PayloadType.CP.code();
        }
    }

    /// EAP, section 3.16.
    record Eap(Octets message) implements Payload {
        @Override
        public int typeCode() {
            return PayloadType.EAP.code();
        }
    }

    /// PS, RFC 8019 section 8.2: four keys of one size.
    record PuzzleSolution(Octets data) implements Payload {
        @Override
        public int typeCode() {
            return PayloadType.PS.code();
        }
    }

    /// A payload of a type that is not known here; refused when critical, else passed over (section
    /// 2.5).
    record Unknown(int typeCode, boolean critical, Octets body) implements Payload {}
}
