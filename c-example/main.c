/*
 * From C, a GRU learns to tell whether a noisy measurement falls, stays or rises, and a writer learns a sentence. The
 * output of this program is in `main.out`.
 */

#include "rnn.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { FALLS, STAYS, RISES };

enum { UPDATES = 2000, SHOWN = 400, QUESTIONS = 200 };

static const float RATE = 0.01f;

/* All RAM that the GRU and its training take. */
static gru network;
static gru_training training;
static rnn_input xs[RNN_STEPS];

/* Marsaglia's xorshift generator. */
static uint32_t draw(uint32_t *seed) {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

/* Returns a number uniform in [-1, 1), from 24 bits. */
static float uniform(uint32_t *seed) {
    return (float)(draw(seed) >> 8) / 8388608.0f - 1.0f;
}

/* Draws a sequence: a noisy value that changes by -1, 0 or 1 in total, and the noise alone, as from a second sensor. */
static rnn_example next_example(uint32_t *seed) {
    uint32_t label = draw(seed) % RNN_CLASSES;
    size_t steps = RNN_STEPS / 2 + draw(seed) % (RNN_STEPS / 2 + 1);
    float value = uniform(seed);
    float change = ((float)label - 1.0f) / (float)steps;
    for (size_t t = 0; t < steps; t++) {
        float noise = 0.25f * uniform(seed);
        xs[t] = (rnn_input){{value + noise, noise}};
        value += change;
    }
    return (rnn_example){xs, steps, label};
}

/* FNV-1a hash, which identifies weights in one line. */
static uint32_t hash_of(const uint32_t *words, size_t bytes) {
    uint32_t sum = 2166136261u;
    for (size_t i = 0; i < bytes / sizeof *words; i++) {
        sum = (sum ^ words[i]) * 16777619u;
    }
    return sum;
}

static uint32_t hash(const gru *weights) {
    return hash_of(weights->words, sizeof *weights);
}

static void count(void *slices) {
    ++*(uint32_t *)slices;
}

/* Performs one update: whole if `slices` is null, otherwise in slices, which are counted. */
static float update(const rnn_example *example, uint32_t *slices) {
    float loss = 0.0f;
    int32_t status = slices ? gru_update_in_slices(&network, &training, example, RATE, &loss, count, slices)
                            : gru_update(&network, &training, example, RATE, &loss);
    if (status != RNN_OK) {
        printf("refused: %" PRId32 "\n", status);
    }
    return loss;
}

static void learn(uint32_t *slices) {
    uint32_t seed = 1;
    float sum = 0.0f;
    gru_init(&network, 1);
    memset(&training, 0, sizeof training);
    for (int done = 1; done <= UPDATES; done++) {
        rnn_example example = next_example(&seed);
        sum += update(&example, slices);
        if (done % SHOWN == 0 && !slices) {
            printf("update %d: mean loss %.4f\n", done, (double)(sum / SHOWN));
            sum = 0.0f;
        }
    }
}

static void question(void) {
    uint32_t seed = 2;
    int right = 0;
    for (int asked = 0; asked < QUESTIONS; asked++) {
        rnn_example example = next_example(&seed);
        right += gru_classify(&network, example.xs, example.steps) == (int32_t)example.label;
    }
    printf("%d of %d unseen sequences are classified correctly\n", right, QUESTIONS);
}

/* Loads the whole image; a shortened or damaged image is refused and leaves the weights unchanged. */
static void store(void) {
    static _Alignas(16) uint8_t image[GRU_IMAGE_BYTES];
    gru copy;
    int32_t bytes = gru_save(&network, image, sizeof image);
    int32_t whole = gru_load(&copy, image, sizeof image);
    int32_t cut = gru_load(&copy, image, sizeof image - 1);
    image[sizeof image / 2] ^= 1;
    int32_t damaged = gru_load(&copy, image, sizeof image);
    printf("image of %" PRId32 " bytes: whole %" PRId32 ", cut short %" PRId32 ", a bit changed %" PRId32 "\n", bytes, whole,
           cut, damaged);
    printf("weights %08" PRIx32 " from the image\n", hash(&copy));
}

/* Reports the events of a stream that rises, stays for a while, and falls. */
static void follow(void) {
    static const char *const names[RNN_CLASSES] = {"falls", "stays", "rises"};
    detector stream;
    detector_init(&stream);
    for (int t = 0; t < 120; t++) {
        int up = t < 40 ? t : t < 80 ? 40 : 120 - t;
        rnn_input x = {{(float)up / 20.0f - 1.0f, 0.0f}};
        int32_t event = detector_push(&stream, &network, &x, 0.8f);
        if (event >= 0) {
            printf("sample %d: it %s\n", t, names[event]);
        }
    }
}

/* Trains a writer on a sentence, stores it, reads it back, and lets it write. */
static void write_text(void) {
    static const char sentence[] = "the tea is not bad.";
    static _Alignas(16) uint8_t image[WRITER_IMAGE_BYTES];
    static writer network, copy;
    static writer_training training;
    float loss = 0.0f;
    char text[WRITER_LETTERS];
    writer_init(&network, 1);
    for (int done = 1; done <= 200; done++) {
        writer_update(&network, &training, sentence, sizeof sentence - 1, 0.01f, &loss);
    }
    printf("writer %08" PRIx32 ", loss %.4f\n", hash_of(network.words, sizeof network), (double)loss);
    int32_t bytes = writer_save(&network, image, sizeof image);
    int32_t status = writer_load(&copy, image, sizeof image);
    int32_t letters = writer_write(&copy, 1, 0.5f, text, sizeof text);
    printf("image of %" PRId32 " bytes: whole %" PRId32 ", it writes: %.*s\n", bytes, status, (int)letters, text);
    image[sizeof image - 1] ^= 1;
    printf("a bit changed %" PRId32 ", unknown letter ", writer_load(&copy, image, sizeof image));
    printf("%" PRId32 "\n", writer_update(&network, &training, "A", 1, 0.01f, &loss));
}

/* The network in integers: made of the one that learned, opened where it lies, asked the same. */
static void shrink(void) {
    static _Alignas(16) uint8_t image[SMALL_IMAGE_BYTES];
    static rnn_input kept[8][RNN_STEPS];
    rnn_sequence sequences[8];
    const small *whole = NULL;
    uint32_t seed = 1;
    int same = 0, right = 0;
    for (int i = 0; i < 8; i++) {
        rnn_example example = next_example(&seed);
        memcpy(kept[i], example.xs, sizeof kept[i]);
        sequences[i] = (rnn_sequence){kept[i], example.steps};
    }
    int32_t nothing = small_save(&network, sequences, 0, image, sizeof image);
    int32_t bytes = small_save(&network, sequences, 8, image, sizeof image);
    int32_t status = small_open(image, sizeof image, &whole);
    seed = 2;
    for (int asked = 0; asked < QUESTIONS; asked++) {
        rnn_example example = next_example(&seed);
        int32_t answer = small_classify(whole, example.xs, example.steps);
        same += answer == gru_classify(&network, example.xs, example.steps);
        right += answer == (int32_t)example.label;
    }
    small_state state = {{0}};
    float scores[RNN_CLASSES];
    small_step(whole, &state, &(rnn_input){{0.5f, -0.25f}}, scores);
    small_step_whole(whole, &state, &(rnn_whole){{1000, -2000}}, scores);
    image[40] ^= 1;
    int32_t damaged = small_open(image, sizeof image, &whole);
    printf("in integers %zu bytes, image of %" PRId32 ": whole %" PRId32 ", a bit changed %" PRId32 ", no sequence %" PRId32 "\n",
           sizeof *whole, bytes, status, damaged, nothing);
    printf("%d of %d are classified as before, %d correctly; scores %.4f %.4f %.4f\n", same, QUESTIONS, right,
           (double)scores[0], (double)scores[1], (double)scores[2]);
}

int main(void) {
    uint32_t slices = 0;
    printf("%zu bytes of weights, %zu for training\n", sizeof network, sizeof training);
    learn(NULL);
    printf("weights %08" PRIx32 "\n", hash(&network));
    learn(&slices);
    printf("weights %08" PRIx32 " after %" PRIu32 " slices\n", hash(&network), slices);
    question();
    store();
    shrink();
    follow();
    write_text();
    return 0;
}
