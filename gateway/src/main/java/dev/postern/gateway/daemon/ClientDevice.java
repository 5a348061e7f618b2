package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.ClientInside;
import dev.postern.net.Errno;
import dev.postern.net.SystemCallException;
import dev.postern.net.TunDevice;
import dev.postern.net.TunOptions;

import java.io.IOException;

/// The TUN device of a client, and what a user without privileges is told who cannot have one.
final class ClientDevice {
    private ClientDevice() {}

    /// @throws IOException in words
    static TunDevice open(ClientInside.Tun inside) throws IOException {
        try {
            return TunDevice.open(TunOptions.named(inside.device()).withMtu(inside.mtu()));
        } catch (SystemCallException refused) {
            boolean privilege = refused.errno() == Errno.EPERM || refused.errno() == Errno.EACCES;
            throw privilege ? new IOException(withoutPrivileges(refused), refused) : refused;
        }
    }

    static String withoutPrivileges(IOException refused) {
        return refused.getMessage()
                + ". Without privileges everything works but the kernel's packets: inside.mode ="
                + " \"probe\" shows that the tunnel carries some, and an application that uses"
                + " PosternClient has its own (docs/applications.md, \"Without privileges\")";
    }
}
