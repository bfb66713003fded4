/// What a peer costs: what is kept for it in memory and in file descriptors, and charged to the
/// [Budget][dbus.connection.Budget] that it shares with others.
///
/// | you ask | look in |
/// | --- | --- |
/// | when is the budget asked, and for how much? | [Share][dbus.connection.spending.Share] |
/// | what does one connection charge, and what if the budget fails? | [Spending][dbus.connection.spending.Spending] |
/// | how many file descriptors do handlers have? | [HeldUnixFds][dbus.connection.spending.HeldUnixFds] |
package dbus.connection.spending;
