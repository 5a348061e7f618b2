/// Cryptography as values: keys, randomness and octets come in, octets go out. Nothing here reads a
/// clock, a socket or a random source of its own.
///
/// Where to start, by what an IKE exchange needs:
///
///     KEi, KEr          KeyExchangeMethod.generate(entropy) -> KeyAgreement.agree(peer)
///     SKEYSEED, SK_*    KeyDerivation over Prf; KeyedPrf where one key serves several values
///     SK { ... }        PayloadCipher.of(encryption, integrity, keys): seal and open on a heap array
///     ESP               PacketCipher.of(encryption, keys): seal and open on native memory
///     tickets           Hkdf.sha256, AesGcm
///     NAT_DETECTION_*   Hash.SHA_1
///     AUTH by signature SigningKey, VerificationKey, SignatureScheme
///
/// `EncryptionAlgorithm`, `IntegrityAlgorithm`, `Prf` and `KeyExchangeMethod` are the transforms that
/// can be negotiated, each with its IANA number and lengths.
///
/// Secrets live in `SecretBytes`, which prints its length only and is wiped by `close`. Randomness is
/// an `Entropy` that the caller passes in; the same entropy gives the same keys.
///
/// The primitives exist twice (`Primitives`): from OpenSSL's libcrypto through the foreign function
/// interface, and from the JDK where that library is missing. Both run through the same vectors.
/// Hashes are the JDK's in either case.
///
/// What a peer sends never throws anything but `InvalidKeyExchangeException`; unauthentic octets are
/// `false` or empty.
@NullMarked
package dev.postern.crypto;

import org.jspecify.annotations.NullMarked;
