/*
 * Recurrent networks that run and learn: an example of the Rust library elman from C.
 *
 * A classifier tells which of RNN_CLASSES classes a sequence of inputs belongs to. There is one with an Elman cell, one
 * with a GRU and one with an LSTM, each with 8 hidden units and the same functions. A tagger labels every step of a
 * sequence and also reads what comes after the step. A small classifier is a GRU in integers. A detector follows a stream with a GRU and reports each event
 * once. A writer learns texts letter by letter, and writes its own.
 *
 * The caller owns all memory. Nothing is allocated, and nothing panics. No pointer may be null, except that the pointer
 * of a sequence without steps is not read. The functions use no globals: each thread or interrupt may call them with
 * memory of its own.
 *
 * A function that returns an int32_t returns one of the negative numbers defined here if it has done nothing.
 */
#ifndef RNN_H
#define RNN_H

#include <stddef.h>
#include <stdint.h>

/* Number of values in the input of a step. */
#define RNN_INPUTS 2
/* Number of classes; the first is 0. */
#define RNN_CLASSES 3
/* Number of steps of the longest sequence that can be learned or labelled. */
#define RNN_STEPS 16

/* Success. */
#define RNN_OK 0
/* The sequence has no steps. */
#define RNN_EMPTY (-1)
/* The sequence has more than RNN_STEPS steps. */
#define RNN_TOO_LONG (-2)
/* An input is NaN or infinite. */
#define RNN_INPUT_NOT_FINITE (-3)
/* The loss, the gradient, the output of the network or a weight to be saved is NaN or infinite. */
#define RNN_NETWORK_NOT_FINITE (-4)
/* There is no such class, or no such letter. */
#define RNN_NO_SUCH_CLASS (-5)
/* The learning rate or the temperature is not a finite number above 0, the probability is not between 0 and 1, or the weights
 * are too large for integers. */
#define RNN_NOT_USABLE (-6)
/*
 * The bytes are not an image of such a network, are damaged, cut short or not aligned, or fail the self-test, or a
 * weight is NaN or infinite.
 */
#define RNN_NOT_AN_IMAGE (-7)
/* No event was detected with this sample. */
#define RNN_NOTHING (-8)
/* The image does not fit into the buffer. */
#define RNN_NO_ROOM (-9)
/*
 * The training memory holds an update that a long jump out of `between` left unfinished: load the weights again, and
 * set the training memory to zeros.
 */
#define RNN_BUSY (-10)

/*
 * Letters of the longest text that a writer learns at once; symbols: a to z, space, full stop, and four that are not
 * letters.
 */
#define WRITER_LETTERS 31
#define WRITER_SYMBOLS 32

/* Bytes of the weights, of the state of a stream, of the training memory, and of an image of the weights. */
#define ELMAN_BYTES 460
#define ELMAN_STATE_BYTES 32
#define ELMAN_TRAINING_BYTES 2636
#define ELMAN_IMAGE_BYTES 552
#define GRU_BYTES 1260
#define GRU_STATE_BYTES 32
#define GRU_TRAINING_BYTES 6572
#define GRU_IMAGE_BYTES 1360
#define LSTM_BYTES 1516
#define LSTM_STATE_BYTES 64
#define LSTM_TRAINING_BYTES 7948
#define LSTM_IMAGE_BYTES 1600
#define SMALL_BYTES 356
#define SMALL_STATE_BYTES 16
#define SMALL_IMAGE_BYTES 464
#define TAGGER_BYTES 876
#define TAGGER_ROOM_BYTES 512
#define TAGGER_TRAINING_BYTES 6240
#define DETECTOR_BYTES 188
#define WRITER_BYTES 10656
#define WRITER_STATE_BYTES 176
#define WRITER_TRAINING_BYTES 28288
#define WRITER_IMAGE_BYTES 11064

/* The weights of a classifier: 32-bit numbers, which can be stored and copied as bytes, or be in flash. */
typedef struct { uint32_t words[ELMAN_BYTES / 4]; } elman;
typedef struct { uint32_t words[GRU_BYTES / 4]; } gru;
typedef struct { uint32_t words[LSTM_BYTES / 4]; } lstm;

/* The state that a network carries through a stream: all zeros at the start. */
typedef struct { uint32_t words[ELMAN_STATE_BYTES / 4]; } elman_state;
typedef struct { uint32_t words[GRU_STATE_BYTES / 4]; } gru_state;
typedef struct { uint32_t words[LSTM_STATE_BYTES / 4]; } lstm_state;

/* Gradient, Adam's moments, and the record of a sequence: all zeros before the first update, as in a static. */
typedef struct { uint32_t words[ELMAN_TRAINING_BYTES / 4]; } elman_training;
typedef struct { uint32_t words[GRU_TRAINING_BYTES / 4]; } gru_training;
typedef struct { uint32_t words[LSTM_TRAINING_BYTES / 4]; } lstm_training;

/* The input of a step. */
typedef struct { float values[RNN_INPUTS]; } rnn_input;

/* A sequence and its class. */
typedef struct {
    const rnn_input *xs;
    size_t steps;
    uint32_t label;
} rnn_example;

/* Draws the initial weights: the same seed gives the same bits everywhere. */
void elman_init(elman *network, uint64_t seed);
void gru_init(gru *network, uint64_t seed);
void lstm_init(lstm *network, uint64_t seed);

/* Writes an image of the weights, with a header and a checksum, for flash or a file. Returns its length. */
int32_t elman_save(const elman *network, uint8_t *bytes, size_t length);
int32_t gru_save(const gru *network, uint8_t *bytes, size_t length);
int32_t lstm_save(const lstm *network, uint8_t *bytes, size_t length);

/* Copies the weights from an image at an address that is a multiple of 16. The whole image is checked first. */
int32_t elman_load(elman *network, const uint8_t *bytes, size_t length);
int32_t gru_load(gru *network, const uint8_t *bytes, size_t length);
int32_t lstm_load(lstm *network, const uint8_t *bytes, size_t length);

/* Computes one step of a stream. The most probable class has the largest score; NaN in the input gives NaN scores. */
void elman_step(const elman *network, elman_state *state, const rnn_input *x, float scores[RNN_CLASSES]);
void gru_step(const gru *network, gru_state *state, const rnn_input *x, float scores[RNN_CLASSES]);
void lstm_step(const lstm *network, lstm_state *state, const rnn_input *x, float scores[RNN_CLASSES]);

/* Returns the most probable class of a sequence of any length. */
int32_t elman_classify(const elman *network, const rnn_input *xs, size_t steps);
int32_t gru_classify(const gru *network, const rnn_input *xs, size_t steps);
int32_t lstm_classify(const lstm *network, const rnn_input *xs, size_t steps);

/* Performs one update: BPTT and Adam, the gradient clipped to a norm of 1. Writes the loss before the update. */
int32_t elman_update(elman *network, elman_training *training, const rnn_example *example, float rate, float *loss);
int32_t gru_update(gru *network, gru_training *training, const rnn_example *example, float rate, float *loss);
int32_t lstm_update(lstm *network, lstm_training *training, const rnn_example *example, float rate, float *loss);

/*
 * Performs the same update, bit for bit, in slices of bounded work. Between two slices `between` is called with
 * `context`, to feed a watchdog or serve a radio; it must not touch the network or its training memory.
 */
int32_t elman_update_in_slices(elman *network, elman_training *training, const rnn_example *example, float rate,
                               float *loss, void (*between)(void *context), void *context);
int32_t gru_update_in_slices(gru *network, gru_training *training, const rnn_example *example, float rate,
                             float *loss, void (*between)(void *context), void *context);
int32_t lstm_update_in_slices(lstm *network, lstm_training *training, const rnn_example *example, float rate,
                              float *loss, void (*between)(void *context), void *context);

/* The classifier with a GRU in integers, a third of its size and no floating point in a step, and its state; all zeros. */
typedef struct { uint8_t bytes[SMALL_BYTES]; } small;
typedef struct { int16_t values[SMALL_STATE_BYTES / 2]; } small_state;

/* A sequence without its class, and an input in whole numbers, in the units of the network. */
typedef struct {
    const rnn_input *xs;
    size_t steps;
} rnn_sequence;
typedef struct { int16_t values[RNN_INPUTS]; } rnn_whole;

/*
 * Writes the image of a network in integers made of one that has learned. The sequences should be some that it learned from:
 * an input larger than all of theirs will be taken for the largest. Returns its bytes; all of SMALL_IMAGE_BYTES are used.
 */
int32_t small_save(const gru *network, const rnn_sequence *sequences, size_t count, uint8_t *bytes, size_t length);

/* The network in an image at an address that is a multiple of 16, as in flash: it is used where it lies. */
int32_t small_open(const uint8_t *bytes, size_t length, const small **network);

/* As for a classifier; a step with whole numbers is without floating point but for the scores. */
void small_step(const small *network, small_state *state, const rnn_input *x, float scores[RNN_CLASSES]);
void small_step_whole(const small *network, small_state *state, const rnn_whole *x, float scores[RNN_CLASSES]);
int32_t small_classify(const small *network, const rnn_input *xs, size_t steps);

/* A network that reads a sequence in both directions, its buffers, and the memory to train it; initially all zeros. */
typedef struct { uint32_t words[TAGGER_BYTES / 4]; } tagger;
typedef struct { uint32_t words[TAGGER_ROOM_BYTES / 4]; } tagger_room;
typedef struct { uint32_t words[TAGGER_TRAINING_BYTES / 4]; } tagger_training;

/* Same as for a classifier, but a sequence has a label for each step. */
void tagger_init(tagger *network, uint64_t seed);
int32_t tagger_label(const tagger *network, tagger_room *room, const rnn_input *xs, uint32_t *labels,
                     size_t steps);
int32_t tagger_update(tagger *network, tagger_training *training, const rnn_input *xs,
                      const uint32_t *labels, size_t steps, float rate);

/* The state of a detector between two samples. */
typedef struct { uint32_t words[DETECTOR_BYTES / 4]; } detector;

/* Sets a detector to the start of a stream. */
void detector_init(detector *stream);

/*
 * Reads a sample. Returns the class of an event, or RNN_NOTHING, as for most samples. Every fourth sample brings an
 * answer about the last 16 samples. A class whose probability, averaged over three answers, is at least `least` is an
 * event, which is reported once for as long as it lasts.
 */
int32_t detector_push(detector *stream, const gru *network, const rnn_input *x, float least);

/* A character model, its state within a text, and the memory to train it; initially all zeros. */
typedef struct { uint32_t words[WRITER_BYTES / 4]; } writer;
typedef struct { uint32_t words[WRITER_STATE_BYTES / 4]; } writer_state;
typedef struct { uint32_t words[WRITER_TRAINING_BYTES / 4]; } writer_training;

/*
 * Same as for a classifier. The image also has the alphabet and a self-test, which must give the same bits when it is
 * loaded.
 */
void writer_init(writer *network, uint64_t seed);
int32_t writer_save(const writer *network, uint8_t *bytes, size_t length);
int32_t writer_load(writer *network, const uint8_t *bytes, size_t length);

/* Reads a letter and writes the scores of the symbols that may follow; the letters begin with the fifth symbol. */
int32_t writer_step(const writer *network, writer_state *state, uint8_t letter, float scores[WRITER_SYMBOLS]);

/*
 * Performs one update from a text of at most WRITER_LETTERS letters. Writes the mean loss per letter before the update.
 */
int32_t writer_update(writer *network, writer_training *training, const char *text, size_t length, float rate,
                      float *loss);

/*
 * Writes a text of at most `length` letters, not zero-terminated, and returns its length. The same seed gives the same
 * text.
 */
int32_t writer_write(const writer *network, uint64_t seed, float temperature, char *text, size_t length);

#endif
