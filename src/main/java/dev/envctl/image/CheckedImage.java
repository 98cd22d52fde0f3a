package dev.envctl.image;

/**
 * An image whose parts are all at hand.
 *
 * @param pinned what images.lock names: an index, or the manifest itself
 * @param manifest this machine's
 */
record CheckedImage(PinnedImage image, Document pinned, Document manifest, Blobs blobs) {}
