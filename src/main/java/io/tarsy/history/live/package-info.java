/**
 * What happens now, told to whoever watches: by Server-Sent Events and by the older WebSocket protocol.
 *
 * <p>The truth is the table {@code events}: {@link io.tarsy.history.live.EventLog} writes it in the transaction of each
 * change, so an event is there exactly if the change is. {@link io.tarsy.history.live.Pump} reads it once for all
 * clients of a server and hands it on from memory. Whoever was away catches up from the same table. No client is waited
 * for: each has a bounded queue, and one whose queue is full is dropped.
 */
@NullMarked
package io.tarsy.history.live;

import org.jspecify.annotations.NullMarked;
