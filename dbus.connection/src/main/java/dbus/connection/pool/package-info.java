/// What is costly to make is used again.
package dbus.connection.pool;
