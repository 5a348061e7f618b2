package dev.postern.crypto;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// How OpenSSL's libcrypto 3 is found and linked. The classes beside this one hold the handles of
/// the functions that they call, as static finals, so that a call compiles to a call.
///
/// Objects of the library travel as `long`: they are never dereferenced here. Octets travel as
/// `ADDRESS`, straight from the Java heap without a copy (`critical`), which holds the garbage
/// collector back for the length of the call: tens of microseconds at most.
///
/// Where the library or one of its functions is missing, the initialisation of a class here ends in
/// a `LinkageError`.
final class LibCrypto {
    static final AddressLayout OCTETS = ValueLayout.ADDRESS;
    static final ValueLayout.OfLong OBJECT = ValueLayout.JAVA_LONG;
    static final ValueLayout.OfLong SIZE = ValueLayout.JAVA_LONG;
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY =
            SymbolLookup.libraryLookup("libcrypto.so.3", Arena.global());

    private LibCrypto() {}

    /// A short function, or one that takes octets from the heap.
    static MethodHandle critical(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LIBRARY.findOrThrow(name), type, Linker.Option.critical(true));
    }

    /// A function that may take long and takes no octets.
    static MethodHandle ordinary(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LIBRARY.findOrThrow(name), type);
    }

    /// What the library calls itself, "OpenSSL 3.0.22 ..." for example.
    static String version() {
        try {
            MethodHandle version = ordinary("OpenSSL_version", FunctionDescriptor.of(OCTETS, INT));
            MemorySegment text = (MemorySegment) version.invokeExact(0);
            return text.reinterpret(256).getString(0);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    /// A pointer that the library must not return as null.
    static long present(long object) {
        if (object == 0) {
            throw new IllegalStateException("libcrypto is out of memory or lacks an algorithm");
        }
        return object;
    }

    /// A function that cannot fail on checked arguments must have returned 1.
    static void succeeded(int result) {
        if (result <= 0) {
            throw new IllegalStateException("libcrypto refused arguments that were checked before");
        }
    }

    /// For the `Throwable` that a method handle declares and no C function throws.
    static RuntimeException failed(Throwable thrown) {
        return switch (thrown) {
            case RuntimeException unchecked -> unchecked;
            case Error error -> throw error;
            default -> new IllegalStateException("a call into libcrypto threw", thrown);
        };
    }
}
