/* SSIM of 8-bit samples under a uniform window, with the sample covariance: the terms of ssim_tiles.py.

   Sums are whole numbers, and what follows them is done step by step as NumPy does it: to be
   compiled without contraction, so that every value is the same to the last bit. */

#include <stddef.h>
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

/* The fastest that the processor at hand knows; where a compiler can't choose, what all know. */
#if defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__) && defined(__GNUC__)
#define FAST __attribute__((target_clones("avx2", "default")))
#else
#define FAST
#endif

/* Sums over columns of the window first, each row's taken along to the next, then over its rows. */
INLINE void fill(
    const uint8_t *a, ptrdiff_t a_stride, const uint8_t *b, ptrdiff_t b_stride, int rows,
    int samples, int step, int side, float half_c1, float half_c2, int32_t *restrict sums,
    float *out, ptrdiff_t out_stride)
{
    const int inner = samples - step * (side - 1), count = side * side;
    int32_t *restrict a_sum = sums, *restrict b_sum = sums + samples;
    int32_t *restrict ab_sum = sums + 2 * samples, *restrict d2_sum = sums + 3 * samples;
    for (int x = 0; x < 4 * samples; x++) sums[x] = 0;
    for (int y = 0; y < rows; y++) {
        const uint8_t *restrict i = a + y * a_stride, *restrict j = b + y * b_stride;
        for (int x = 0; x < samples; x++) {
            int d = i[x] - j[x];
            a_sum[x] += i[x], b_sum[x] += j[x], ab_sum[x] += i[x] * j[x], d2_sum[x] += d * d;
        }
        if (y < side - 1) continue;
        float *restrict to = (float *)((char *)out + (y - side + 1) * out_stride);
        for (int x = 0; x < inner; x++) {
            int32_t sa = 0, sb = 0, ab = 0, d2 = 0;
            for (int n = x; n < x + step * side; n += step)
                sa += a_sum[n], sb += b_sum[n], ab += ab_sum[n], d2 += d2_sum[n];
            int32_t product = sa * sb, square = (sa - sb) * (sa - sb);
            float p = (float)product, t = (float)square;
            float k = (float)(count * ab - product), q = (float)(count * d2 - square);
            p += half_c1, k += half_c2;
            t = t * 0.5f + p;
            q = q * 0.5f + k;
            to[x] = p * k / (t * q);
        }
        i -= (side - 1) * a_stride, j -= (side - 1) * b_stride;
        for (int x = 0; x < samples; x++) {
            int d = i[x] - j[x];
            a_sum[x] -= i[x], b_sum[x] -= j[x], ab_sum[x] -= i[x] * j[x], d2_sum[x] -= d * d;
        }
    }
}

/* a, b: (rows, samples) with half a window around them, `step` samples to the pixel, strides in
   bytes. sums: room for 4 · samples. out: (rows − side + 1, samples − step · (side − 1)), S. */
FAST void imgdiff_ssim(
    const uint8_t *a, ptrdiff_t a_stride, const uint8_t *b, ptrdiff_t b_stride, int rows,
    int samples, int step, int side, float half_c1, float half_c2, int32_t *sums, float *out,
    ptrdiff_t out_stride)
{
#define FILL(step, side) \
    fill(a, a_stride, b, b_stride, rows, samples, step, side, half_c1, half_c2, sums, out, out_stride)
    /* Numbers that are known make the loops quick. */
    if (side == 7 && step == 1) FILL(1, 7);
    else if (side == 7 && step == 3) FILL(3, 7);
    else FILL(step, side);
}
