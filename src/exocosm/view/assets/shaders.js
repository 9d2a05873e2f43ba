// Cells are drawn as squares that face the viewer; each pixel is met with the exact sphere behind it, so that a cell
// is round at any zoom and a cut through it shows a face. Where cut cells overlap, their power distance decides which
// one a pixel belongs to: the faces meet in straight lines, as cells in contact do.
(function (E) {
  const shared = `
    uniform vec4 cut;          // normal towards the removed half, and its distance, in µm
    uniform float cutting;
    uniform sampler3D field;
    uniform sampler2D scale;
    uniform vec3 block;
    uniform float painted;
    vec3 fieldColour(vec3 place) {
      return texture(scale, vec2(texture(field, place / block).r * (255.0 / 256.0) + 0.5 / 256.0, 0.5)).rgb;
    }`;

  E.cellVertex = `
    in vec3 centre; in float radius; in vec3 tint;
    uniform vec4 cut; uniform float cutting;
    out vec2 corner; out vec3 middle; out vec3 seen; flat out float size; flat out vec3 colour;
    void main() {
      bool removed = cutting > 0.5 && dot(cut.xyz, centre) - cut.w >= radius;
      corner = position.xy * 1.06;
      middle = centre; size = radius; colour = tint;
      vec4 view = modelViewMatrix * vec4(centre, 1.0);
      view.xy += corner * radius;
      seen = view.xyz;
      gl_Position = removed || radius <= 0.0 ? vec4(2.0, 2.0, 2.0, 1.0) : projectionMatrix * view;
    }`;

  E.cellFragment = `
    precision highp float; precision highp sampler3D;
    in vec2 corner; in vec3 middle; in vec3 seen; flat in float size; flat in vec3 colour;
    uniform mat4 projectionMatrix; uniform mat4 toWorld; uniform vec3 paper; uniform vec2 depth; uniform float largest; uniform float pixel; uniform float wash;
    ${shared}
    out vec4 result;
    void main() {
      float square = dot(corner, corner);
      float edge = fwidth(square);
      float cover = 1.0 - smoothstep(1.0 - edge, 1.0 + edge * 0.2, square);
      if (cover <= 0.02) discard;
      float height = sqrt(max(0.0, 1.0 - square));
      vec3 normal = vec3(corner, height);
      vec3 view = vec3(seen.xy, seen.z + size * height);
      vec3 place = (toWorld * vec4(view, 1.0)).xyz;
      float behind = 0.0;
      bool face = false;
      if (cutting > 0.5) {
        float above = dot(cut.xyz, place) - cut.w;
        if (above > 0.0) {
          vec3 away = (toWorld * vec4(0.0, 0.0, 1.0, 0.0)).xyz;
          float slope = dot(cut.xyz, away);
          float travel = above / max(slope, 1e-6);
          if (slope <= 1e-4 || travel > 2.0 * size * height) discard;
          view.z -= travel;
          place -= away * travel;
          face = true;
        }
      }
      vec3 shade;
      if (face) {
        float reach = length(place - middle) / size;
        float power = (reach * reach - 1.0) * size * size / (largest * largest);
        behind = 0.6 * (1.0 + power);
        float rim = max(0.9, 1.3 * pixel);
        float inner = smoothstep(size - rim - pixel, size - rim + 0.2 * pixel, reach * size);
        vec3 body = painted > 0.5 ? fieldColour(place) : mix(colour, vec3(1.0), wash);
        shade = mix(body, painted > 0.5 ? colour : colour * 0.72, inner);
      } else {
        float light = max(0.0, dot(normal, normalize(vec3(-0.45, 0.65, 0.75))));
        float sky = 0.5 + 0.5 * normal.y;
        shade = colour * (0.50 + 0.16 * sky + 0.42 * light);
        shade += 0.10 * pow(light, 18.0);
        shade *= mix(0.62, 1.0, smoothstep(0.0, 0.42, height));
        float far = clamp((depth.x - view.z) / (depth.x - depth.y), 0.0, 1.0);
        shade = mix(shade, paper, 0.34 * far);
      }
      vec4 clip = projectionMatrix * vec4(view - vec3(0.0, 0.0, behind), 1.0);
      gl_FragDepth = clip.z / clip.w * 0.5 + 0.5;
      result = vec4(shade, cover);
    }`;

  E.planeVertex = `
    out vec3 place;
    void main() {
      vec4 world = modelMatrix * vec4(position, 1.0);
      place = world.xyz;
      gl_Position = projectionMatrix * viewMatrix * world;
    }`;

  E.planeFragment = `
    precision highp float; precision highp sampler3D;
    in vec3 place;
    ${shared}
    out vec4 result;
    void main() { result = vec4(fieldColour(place), 1.0); }`;
})(Exocosm);
