/// `postern demo`: two gateways and a client as processes of their own on loopback, a steady stream
/// through the tunnel, and a SIGKILL. [dev.postern.cli.demo.Stage] owns processes and files,
/// [dev.postern.cli.demo.Act] runs one failover, [dev.postern.cli.demo.Figures] is what it took.
@NullMarked
package dev.postern.cli.demo;

import org.jspecify.annotations.NullMarked;
