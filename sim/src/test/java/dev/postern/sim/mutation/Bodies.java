package dev.postern.sim.mutation;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/// What mutated methods do in place of their own work.
final class Bodies {
    private Bodies() {}

    static void returnNothing(CodeBuilder code) {
        ClassDesc list = ClassDesc.of("java.util.List");
        code.invokestatic(list, "of", MethodTypeDesc.of(list), true).areturn();
    }

    /// Of `AesGcm.seal(key, nonce, aad, plaintext)`.
    private static final int PLAINTEXT = 3;

    static void returnTrue(CodeBuilder code) {
        code.iconst_1().ireturn();
    }

    static void returnNull(CodeBuilder code) {
        code.aconst_null().areturn();
    }

    static void returnOneIdentity(CodeBuilder code) {
        ClassDesc identity = ClassDesc.of("dev.postern.wire.Identity");
        code.ldc("c1.example")
                .invokestatic(
                        identity, "fqdn", MethodTypeDesc.of(identity, ConstantDescs.CD_String))
                .areturn();
    }

    static void returnOneAddress(CodeBuilder code) {
        ClassDesc address = ClassDesc.of("java.net.InetAddress");
        code.ldc("10.77.0.2")
                .invokestatic(
                        address, "ofLiteral", MethodTypeDesc.of(address, ConstantDescs.CD_String))
                .areturn();
    }

    /// Of `IvPrefix.iv(counter)`, without the epoch.
    static void returnIvOfMember(CodeBuilder code) {
        code.aload(0)
                .invokevirtual(
                        ClassDesc.of("dev.postern.crypto.IvPrefix"),
                        "member",
                        MethodTypeDesc.of(ConstantDescs.CD_int))
                .i2l()
                .bipush(56)
                .lshl()
                .lload(1)
                .lor()
                .lreturn();
    }

    static void returnConfirmed(CodeBuilder code) {
        ClassDesc standing = ClassDesc.of("dev.postern.esp.EspSaParameters$Standing");
        code.getstatic(standing, "CONFIRMED", standing).areturn();
    }

    static void returnStartOfSecret(CodeBuilder code) {
        ClassDesc octets = ConstantDescs.CD_byte.arrayType();
        ClassDesc secret = ClassDesc.of("dev.postern.crypto.SecretBytes");
        ClassDesc buffer = ClassDesc.of("java.nio.ByteBuffer");
        code.aload(0)
                .getfield(ClassDesc.of("dev.postern.ticket.TgsKey"), "secret", secret)
                .invokevirtual(secret, "expose", MethodTypeDesc.of(octets))
                .invokestatic(buffer, "wrap", MethodTypeDesc.of(buffer, octets))
                .invokevirtual(buffer, "getLong", MethodTypeDesc.of(ConstantDescs.CD_long))
                .lreturn();
    }

    static void returnCopyOfText(CodeBuilder code) {
        ClassDesc octets = ConstantDescs.CD_byte.arrayType();
        code.aload(PLAINTEXT)
                .invokevirtual(octets, "clone", MethodTypeDesc.of(ConstantDescs.CD_Object))
                .checkcast(octets)
                .areturn();
    }
}
