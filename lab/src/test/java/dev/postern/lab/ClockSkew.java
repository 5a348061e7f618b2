package dev.postern.lab;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.MethodRefEntry;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.StreamSupport;

/// A wall clock that is wrong by minutes, for one process: a Java agent that has whatever asks for
/// the time of day, Postern and its libraries, ask here. The JDK's own classes keep the right time,
/// and so does the monotonic clock, as on a machine whose clock was set wrong.
public final class ClockSkew {
    private static final ClassDesc HERE = ClassDesc.of(ClockSkew.class.getName());
    private static final Set<String> ASKED =
            Set.of(
                    "java/lang/System.currentTimeMillis",
                    "java/time/Instant.now()Ljava/time/Instant;",
                    "java/time/Clock.systemUTC",
                    "java/util/concurrent/locks/LockSupport.parkUntil(J)V",
                    "java/util/concurrent/locks/LockSupport.parkUntil(Ljava/lang/Object;J)V");

    private static volatile Duration skew = Duration.ZERO;

    private ClockSkew() {}

    /// What is to be added to the environment of a JVM with this class in its class path.
    static Map<String, String> of(Lab lab, Duration skew) {
        Path agent = lab.file("clock-skew.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", ClockSkew.class.getName());
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(agent), manifest)) {
            jar.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of("JAVA_TOOL_OPTIONS", "-javaagent:" + agent + "=" + skew);
    }

    public static void premain(String argument, Instrumentation instrumentation) {
        skew = Duration.parse(argument);
        instrumentation.addTransformer(new Redirection());
    }

    public static long currentTimeMillis() {
        return System.currentTimeMillis() + skew.toMillis();
    }

    public static Instant now() {
        return Instant.now().plus(skew);
    }

    public static Clock systemUTC() {
        return Clock.offset(Clock.systemUTC(), skew);
    }

    /// Until the wrong clock shows that time.
    public static void parkUntil(long deadline) {
        LockSupport.parkUntil(deadline - skew.toMillis());
    }

    public static void parkUntil(Object blocker, long deadline) {
        LockSupport.parkUntil(blocker, deadline - skew.toMillis());
    }

    private static boolean asks(MethodRefEntry method) {
        String name = method.owner().asInternalName() + "." + method.name().stringValue();
        return ASKED.contains(name) || ASKED.contains(name + method.type().stringValue());
    }

    private static final class Redirection implements ClassFileTransformer {
        @Override
        public byte @Nullable [] transform(
                @Nullable ClassLoader loader,
                String className,
                @Nullable Class<?> redefined,
                ProtectionDomain domain,
                byte[] octets) {
            if (!ClassLoader.getSystemClassLoader().equals(loader)) {
                return null;
            }
            ClassFile format = ClassFile.of();
            ClassModel model = format.parse(octets);
            if (model.thisClass().asSymbol().equals(HERE)
                    || StreamSupport.stream(model.constantPool().spliterator(), false)
                            .noneMatch(entry ->
                                    entry instanceof MethodRefEntry method && asks(method))) {
                return null;
            }
            return format.transformClass(
                    model,
                    ClassTransform.transformingMethodBodies((code, element) -> {
                        if (element instanceof InvokeInstruction call
                                && call.opcode() == Opcode.INVOKESTATIC
                                && call.method() instanceof MethodRefEntry method
                                && asks(method)) {
                            code.invokestatic(HERE, call.name().stringValue(), call.typeSymbol());
                        } else {
                            code.with(element);
                        }
                    }));
        }
    }
}
