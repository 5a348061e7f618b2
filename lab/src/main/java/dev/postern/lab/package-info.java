/// The lab: real daemons in network namespaces, driven from JUnit.
///
/// A test opens a [dev.postern.lab.Lab] and asks it for what it needs: a
/// [dev.postern.lab.NetworkNamespace] stands for a host, `Lab.join` is a cable, a
/// [dev.postern.lab.Bridge] a switch, [dev.postern.lab.FailoverTopology] the network that the
/// failover tests share. In a namespace run a [dev.postern.lab.StrongSwan], a
/// [dev.postern.lab.PosternDaemon], or any [dev.postern.lab.LabProcess]. Closing the lab ends
/// everything in reverse order, also after a failure; what a killed JVM left behind is found by
/// name and removed when the next lab opens ([dev.postern.lab.Leftovers]).
///
/// [dev.postern.lab.Ping] and [dev.postern.lab.Iperf] give numbers, [dev.postern.lab.Capture] and
/// [dev.postern.lab.Tshark] packets with their names. `lab/README.md` shows how a test is written.
///
/// Nothing here waits by sleeping: every wait names its condition and its deadline, and the failure
/// says both. A missing package is an error that names it, never a skipped test
/// ([dev.postern.lab.Component]).
@NullMarked
package dev.postern.lab;

import org.jspecify.annotations.NullMarked;
