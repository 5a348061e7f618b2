package dev.postern.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Opens TUN devices: the requests to `/dev/net/tun` and the sentences for the operator.
final class TunOpener {
    private static final String CLONE_DEVICE = "/dev/net/tun";

    private static final long TUNSETIFF = 0x400454ca;
    private static final long TUNSETOFFLOAD = 0x400454d0;
    private static final long TUNSETVNETHDRSZ = 0x400454d8;
    private static final int IFF_TUN = 0x1;
    private static final int IFF_MULTI_QUEUE = 0x100;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_VNET_HDR = 0x4000;

    /// `struct ifreq`: 16 octets of name, then a union; of it the flags.
    private static final int IFREQ_BYTES = 40;

    private static final int IFREQ_FLAGS = 16;

    private TunOpener() {}

    static TunDevice open(TunOptions options) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.newCallState(arena);
            int fd = openCloneDevice(arena, state);
            @Nullable WakeUp wakeUp = null;
            try {
                String name = attach(arena, state, fd, options);
                TunOffload granted = TunOffload.NONE;
                if (options.virtioHeader()) {
                    setHeaderSize(arena, state, fd, name);
                    granted = negotiate(state, fd, options.offload());
                }
                if (options.mtu() != 0) {
                    try (Netlink netlink = Netlink.open()) {
                        netlink.setMtu(name, options.mtu());
                    }
                }
                wakeUp = WakeUp.open();
                return new TunDevice(fd, wakeUp, name, options, granted);
            } catch (IOException e) {
                new Descriptor(fd).close();
                if (wakeUp != null) {
                    wakeUp.close();
                }
                throw e;
            }
        }
    }

    private static int openCloneDevice(Arena arena, MemorySegment state) throws IOException {
        int fd =
                Libc.open(
                        state,
                        arena.allocateFrom(CLONE_DEVICE),
                        Linux.O_RDWR | Linux.O_NONBLOCK | Linux.O_CLOEXEC);
        if (fd < 0) {
            throw new SystemCallException(
                    "cannot open " + CLONE_DEVICE,
                    -fd,
                    switch (-fd) {
                        case Errno.ENOENT, Errno.ENODEV, Errno.ENXIO ->
                                "load the kernel module (`modprobe tun`), or pass the device into"
                                        + " the container (`--device /dev/net/tun`)";
                        case Errno.EACCES, Errno.EPERM ->
                                "let this user read and write it, or in a unit with a device"
                                        + " policy add DeviceAllow=/dev/net/tun rw";
                        default -> "";
                    });
        }
        return fd;
    }

    private static String attach(Arena arena, MemorySegment state, int fd, TunOptions options)
            throws IOException {
        MemorySegment request = arena.allocate(IFREQ_BYTES, 8);
        request.setString(0, options.name());
        int flags =
                IFF_TUN
                        | IFF_NO_PI
                        | (options.virtioHeader() ? IFF_VNET_HDR : 0)
                        | (options.multiQueue() ? IFF_MULTI_QUEUE : 0);
        request.set(JAVA_SHORT, IFREQ_FLAGS, (short) flags);
        int result = Libc.ioctl(state, fd, TUNSETIFF, request);
        if (result < 0) {
            throw new SystemCallException(
                    "cannot create TUN device " + options.name(),
                    -result,
                    switch (-result) {
                        case Errno.EPERM ->
                                "this needs CAP_NET_ADMIN: run as root, or set"
                                        + " AmbientCapabilities=CAP_NET_ADMIN in the unit, or"
                                        + " `--cap-add NET_ADMIN` for the container";
                        case Errno.EBUSY ->
                                "another process uses a device of this name: choose another one"
                                        + " or end that process";
                        case Errno.EINVAL ->
                                "an interface of this name exists and is no TUN device, or one"
                                        + " with another number of queues: choose another name";
                        default -> "";
                    });
        }
        return request.getString(0);
    }

    private static void setHeaderSize(Arena arena, MemorySegment state, int fd, String name)
            throws IOException {
        MemorySegment size = arena.allocateFrom(JAVA_INT, VirtioNetHeader.LENGTH);
        int result = Libc.ioctl(state, fd, TUNSETVNETHDRSZ, size);
        if (result < 0) {
            throw new SystemCallException("cannot set the header size of " + name, -result);
        }
    }

    /// Kernels before 6.2 refuse the USO flags as a whole: ask for less until they agree.
    private static TunOffload negotiate(MemorySegment state, int fd, TunOffload most) {
        for (TunOffload offload = most; offload != TunOffload.NONE; offload = offload.weaker()) {
            MemorySegment flags = MemorySegment.ofAddress(offload.flags());
            if (Libc.ioctl(state, fd, TUNSETOFFLOAD, flags) >= 0) {
                return offload;
            }
        }
        return TunOffload.NONE;
    }
}
